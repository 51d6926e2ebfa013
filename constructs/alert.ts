import {
  MonitoringAlertPolicy,
  type MonitoringAlertPolicyConditions,
} from "@cdktf/provider-google/lib/monitoring-alert-policy";
import { Construct } from "constructs";
import { refuse } from "./errors";
import type { INotificationChannel } from "./notification-channel";

export interface AlertProps {
  /** Shown in the console and in the message. */
  readonly name: string;
  /** Any of them raises the alert. */
  readonly conditions: readonly AlertCondition[];
  /** Where the message goes. */
  readonly channel: INotificationChannel;
  /** What it means and what to do, in Markdown; it is in the message. */
  readonly guidance: string;
  /** `CRITICAL`: something is broken now. `WARNING`: it will be. @default CRITICAL */
  readonly severity?: "CRITICAL" | "WARNING";
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
}

/** What is watched: a metric that is too high, or one that is not heard of. */
export type AlertCondition =
  | {
      readonly kind: "above";
      readonly name: string;
      /** Monitoring filter that picks metric and resources. */
      readonly filter: string;
      readonly threshold: number;
      /** How the values of a period become one: `ALIGN_DELTA` for counts, `ALIGN_MEAN` for levels. */
      readonly aligner: "ALIGN_DELTA" | "ALIGN_MEAN" | "ALIGN_MAX";
      /** Seconds of a period. */
      readonly periodSeconds: number;
      /** Labels whose values are told apart, `resource.label.workflow_id`. @default - each time series alone */
      readonly groupBy?: readonly string[];
      /** Seconds for which it must last. @default 0 */
      readonly lastingSeconds?: number;
    }
  | {
      readonly kind: "silent";
      readonly name: string;
      readonly filter: string;
      /** Seconds without a value, in whole minutes; 2 minutes to 23.5 hours. */
      readonly seconds: number;
      /** Labels whose values are told apart. @default - each time series alone */
      readonly groupBy?: readonly string[];
    };

/** Writes to someone when a metric says that something is wrong. */
export class Alert extends Construct {
  constructor(scope: Construct, id: string, props: AlertProps) {
    super(scope, id);
    refuse(this, [
      props.conditions.length === 0 && "conditions: must not be empty",
      ...props.conditions.map(({ name, ...of }) => of.kind === "silent" && silenceFault(name, of.seconds)),
    ]);
    new MonitoringAlertPolicy(this, "Resource", {
      displayName: props.name,
      combiner: "OR",
      enabled: true,
      severity: props.severity ?? "CRITICAL",
      conditions: props.conditions.map(condition),
      documentation: { content: props.guidance, mimeType: "text/markdown", subject: props.name },
      notificationChannels: [props.channel.resourceName],
      alertStrategy: { autoClose: "604800s" },
      userLabels: props.labels,
    });
  }
}

function silenceFault(name: string, seconds: number): string | false {
  return (
    (seconds < 120 || seconds > 84_600 || seconds % 60 !== 0) &&
    `conditions: "${name}" after ${seconds} seconds must be in whole minutes from 120 to 84600`
  );
}

function condition(of: AlertCondition): MonitoringAlertPolicyConditions {
  const reduced = of.groupBy && { crossSeriesReducer: "REDUCE_SUM", groupByFields: [...of.groupBy] };
  switch (of.kind) {
    case "above":
      return {
        displayName: of.name,
        conditionThreshold: {
          filter: of.filter,
          comparison: "COMPARISON_GT",
          thresholdValue: of.threshold,
          duration: `${of.lastingSeconds ?? 0}s`,
          aggregations: [
            { alignmentPeriod: `${of.periodSeconds}s`, perSeriesAligner: of.aligner, ...reduced },
          ],
          trigger: { count: 1 },
        },
      };
    case "silent":
      return {
        displayName: of.name,
        conditionAbsent: {
          filter: of.filter,
          duration: `${of.seconds}s`,
          aggregations: [{ alignmentPeriod: "3600s", perSeriesAligner: "ALIGN_DELTA", ...reduced }],
          trigger: { count: 1 },
        },
      };
  }
}
