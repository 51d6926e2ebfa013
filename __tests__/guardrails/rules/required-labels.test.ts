import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { requiredLabels } from "../../../guardrails";
import { type Case, type Resources, said } from "../support";

const labels = { environment: "prod", managed_by: "terraform" };
const rule = requiredLabels({ labels });
const both = 'has no label environment, managed_by | set environment to "prod", managed_by to "terraform"';

const missing: readonly Case[] = [
  [
    "an alert policy without labels",
    { google_monitoring_alert_policy: { one: {} } },
    [`test/google_monitoring_alert_policy.one ${both}`],
  ],
  [
    "a notification channel without labels",
    { google_monitoring_notification_channel: { one: {} } },
    [`test/google_monitoring_notification_channel.one ${both}`],
  ],
  [
    "a database without one of the labels",
    { google_sql_database_instance: { one: { settings: [{ user_labels: { environment: "prod" } }] } } },
    ['test/google_sql_database_instance.one has no label managed_by | set managed_by to "terraform"'],
  ],
  [
    "another value in the labels of a resource",
    { google_storage_bucket: { lake: { labels: { environment: "dev" } } } },
    ['test/google_storage_bucket.lake has the label environment = "dev" | set environment to "prod"'],
  ],
  [
    "another value where the default labels do not reach",
    { google_monitoring_alert_policy: { one: { user_labels: { ...labels, managed_by: "hand" } } } },
    [
      'test/google_monitoring_alert_policy.one has the label managed_by = "hand" | set managed_by to "terraform"',
    ],
  ],
];

test.each(missing)("requiredLabels finds %s", (_, resources, expected) => {
  expect(said(rule, resources)).toEqual(expected);
});

test("requiredLabels finds providers without default labels", () => {
  expect(
    said(rule, {}, (stack) => {
      new GoogleProvider(stack, "google", { project: "p" });
      new AwsProvider(stack, "aws", { defaultTags: [{ tags: { environment: "dev" } }] });
    }),
  ).toEqual([
    `test/google ${both}`,
    'test/aws has no label managed_by | set managed_by to "terraform"',
    'test/aws has the label environment = "dev" | set environment to "prod"',
  ]);
});

test("requiredLabels accepts the labels and additional ones", () => {
  const resources: Resources = {
    google_monitoring_alert_policy: { one: { user_labels: { ...labels, team: "data" } } },
    google_sql_database_instance: { one: { settings: { user_labels: labels } } },
    google_storage_bucket: { lake: { labels: { team: "data" } }, raw: {} },
  };
  const found = said(rule, resources, (stack) => {
    new GoogleProvider(stack, "google", { defaultLabels: labels });
    new AwsProvider(stack, "aws", { defaultTags: [{ tags: labels }] });
  });
  expect(found).toEqual([]);
});
