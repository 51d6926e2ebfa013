import type { Finding, Platform, Values } from "./platform";
import { at, blocksAt } from "./values";

/** What a bill and a search are sorted by. */
const required = ["environment", "managed_by"];

/** Types that the provider's default labels do not reach, and where their labels are. */
const own: Readonly<Record<string, string>> = {
  google_monitoring_alert_policy: "user_labels",
  google_monitoring_notification_channel: "user_labels",
  google_sql_database_instance: "settings.user_labels",
};

/** Everything that can carry labels says which environment it is of and what made it. */
export function labelled({ environment, stacks, resources }: Platform): Finding[] {
  const providers = stacks.flatMap(({ name, providers: { google = [], aws = [] } }) => [
    ...google.map((settings) => ({ path: `${name}/google`, labels: at(settings, "default_labels") })),
    ...aws.map((settings) => ({
      path: `${name}/aws`,
      labels: at(blocksAt(settings, "default_tags")[0] ?? {}, "tags"),
    })),
  ]);
  const single = resources.flatMap(({ type, path, values }) => {
    const attribute = own[type];
    return attribute === undefined ? [] : [{ path, labels: at(values, attribute) }];
  });
  const fix = "give it the labels of the stack (PlatformStack.labels)";
  const all = [
    ...providers,
    ...single,
    ...resources.map(({ path, values }) => ({ path, labels: values.labels })),
  ];
  const wrong = all.flatMap(({ path, labels }) => {
    const said = at(asValues(labels), "environment");
    return said === undefined || said === environment.name
      ? []
      : [{ path, found: `has the label environment ${JSON.stringify(said)}, in ${environment.name}`, fix }];
  });
  const missing = [...providers, ...single].flatMap(({ path, labels }) => {
    const without = required.filter((name) => at(asValues(labels), name) === undefined);
    return without.length === 0 ? [] : [{ path, found: `has no label ${without.join(", ")}`, fix }];
  });
  return [...missing, ...wrong];
}

function asValues(labels: unknown): Values {
  return typeof labels === "object" && labels !== null ? { ...labels } : {};
}
