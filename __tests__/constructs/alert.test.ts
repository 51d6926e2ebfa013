import { Alert, type AlertCondition, type AlertProps } from "../../constructs/alert";
import { NotificationChannel } from "../../constructs/notification-channel";
import { only, refusal } from "./support";

const channels = ["1", "2"].map((number) =>
  NotificationChannel.fromName(`projects/p/notificationChannels/${number}`),
);
const silent = { kind: "silent", name: "nothing", filter: "f", seconds: 3600 } as const;
const above = {
  kind: "above",
  name: "too many",
  filter: "g",
  threshold: 3,
  aligner: "ALIGN_DELTA",
  periodSeconds: 300,
} as const;

const policy = (conditions: readonly AlertCondition[], props: Partial<AlertProps> = {}) =>
  only(
    "google_monitoring_alert_policy",
    (stack) => new Alert(stack, "alert", { name: "n", guidance: "g", channels, conditions, ...props }),
  );

describe("Alert", () => {
  test("has at least one channel", () => {
    const props = { name: "n", guidance: "g", channels: [], conditions: [silent] };
    expect(refusal((stack) => new Alert(stack, "alert", props))).toContain(
      "channels: must be 1 to 16, not 0",
    );
  });

  test("sends its guidance to the channels, and is critical by default", () => {
    expect(policy([silent])).toMatchObject({
      display_name: "n",
      enabled: true,
      combiner: "OR",
      severity: "CRITICAL",
      documentation: { content: "g", mime_type: "text/markdown", subject: "n" },
      notification_channels: ["projects/p/notificationChannels/1", "projects/p/notificationChannels/2"],
      alert_strategy: { auto_close: "604800s" },
    });
  });

  test("closes an incident after a time without data", () => {
    expect(policy([silent], { autoCloseSeconds: 1800 })).toMatchObject({
      alert_strategy: { auto_close: "1800s" },
    });
    for (const autoCloseSeconds of [1799, 1860.5])
      expect(
        refusal(
          (stack) =>
            new Alert(stack, "a", {
              name: "n",
              guidance: "g",
              channels,
              conditions: [silent],
              autoCloseSeconds,
            }),
        ),
      ).toContain(`autoCloseSeconds: ${autoCloseSeconds} must be at least 1800, in whole minutes`);
  });

  test("accepts severity and labels", () => {
    expect(policy([silent], { severity: "WARNING", labels: { a: "b" } })).toMatchObject({
      severity: "WARNING",
      user_labels: { a: "b" },
    });
  });

  test("triggers when a metric stays above a threshold, by group", () => {
    const condition = { ...above, groupBy: ["resource.label.id"], lastingSeconds: 600 };
    expect(policy([above, condition])).toMatchObject({
      conditions: [
        {
          display_name: "too many",
          condition_threshold: {
            trigger: { count: 1 },
            filter: "g",
            comparison: "COMPARISON_GT",
            threshold_value: 3,
            duration: "0s",
            aggregations: [{ alignment_period: "300s", per_series_aligner: "ALIGN_DELTA" }],
          },
        },
        {
          condition_threshold: {
            duration: "600s",
            aggregations: [{ cross_series_reducer: "REDUCE_SUM", group_by_fields: ["resource.label.id"] }],
          },
        },
      ],
    });
  });

  test("triggers when a metric has no values", () => {
    expect(policy([silent])).toMatchObject({
      conditions: [
        {
          display_name: "nothing",
          condition_absent: {
            filter: "f",
            duration: "3600s",
            aggregations: [{ alignment_period: "3600s", per_series_aligner: "ALIGN_DELTA" }],
            trigger: { count: 1 },
          },
        },
      ],
    });
  });

  test("rejects durations that Monitoring does not support", () => {
    const long = { ...silent, seconds: 86_400 };
    const odd = { ...above, periodSeconds: 90, lastingSeconds: 30 };
    expect(refusal(() => policy([long, odd]))).toBe(`Alert at test/alert:
  - conditions: "nothing" after 86400 seconds must be in whole minutes from 120 to 84600
  - conditions: "too many": 90 seconds must be in whole minutes
  - conditions: "too many": 30 seconds must be in whole minutes`);
    expect(refusal(() => policy([]))).toBe("Alert at test/alert:\n  - conditions: must not be empty");
  });
});
