import {
  MonitoringAlertPolicy,
  type MonitoringAlertPolicyConditions,
} from "@cdktf/provider-google/lib/monitoring-alert-policy";
import type { Construct } from "constructs";
import { type Fault, notWhole, refuse } from "./errors";
import type { INotificationChannel } from "./notification-channel";
import { type Dependency, TerraformConstruct } from "./terraform-construct";

export interface AlertProps {
  /** Shown in the console and in the notification. */
  readonly name: string;
  /** At least one; any of them triggers the alert. */
  readonly conditions: readonly AlertCondition[];
  /** Where notifications are sent: 1 to 16 channels. https://cloud.google.com/monitoring/quotas */
  readonly channels: readonly INotificationChannel[];
  /** What the alert means and what to do, in Markdown; part of the notification. */
  readonly guidance: string;
  /** `CRITICAL`: something is broken. `WARNING`: something will break. @default CRITICAL */
  readonly severity?: "CRITICAL" | "WARNING";
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Seconds without data after which an incident is closed: at least 1800, in whole minutes. While an incident is open,
   * the same condition sends no further notification. A metric of events has no data between two events.
   * @default 604800, a week
   */
  readonly autoCloseSeconds?: number;
  /** What must be created first, such as the enabled API. @default - nothing */
  readonly dependsOn?: readonly Dependency[];
}

/** What triggers an alert: a metric above a threshold, or a metric without values. */
export type AlertCondition =
  | {
      /** Triggers when the metric is above the threshold. */
      readonly kind: "above";
      /** Shown in the notification. */
      readonly name: string;
      /** Monitoring filter that selects metric and resources. */
      readonly filter: string;
      /** In the unit of the metric. */
      readonly threshold: number;
      /** How the values of a period are combined: `ALIGN_DELTA` for counts, `ALIGN_MEAN` for levels. */
      readonly aligner: "ALIGN_DELTA" | "ALIGN_MEAN" | "ALIGN_MAX";
      /** Length of a period in seconds, at least 60, in whole minutes. */
      readonly periodSeconds: number;
      /** Labels to group by: `resource.label.workflow_id`. @default - each time series by itself */
      readonly groupBy?: readonly string[];
      /** Seconds for which the metric must stay above the threshold, in whole minutes. @default 0 */
      readonly lastingSeconds?: number;
    }
  | {
      /** Triggers when the metric has no values. */
      readonly kind: "silent";
      /** Shown in the notification. */
      readonly name: string;
      /** Monitoring filter that selects metric and resources. */
      readonly filter: string;
      /** Seconds without a value, in whole minutes; 2 minutes to 23.5 hours. */
      readonly seconds: number;
      /** Labels to group by. @default - each time series by itself */
      readonly groupBy?: readonly string[];
    };

/** An alert policy of Cloud Monitoring. */
export class Alert extends TerraformConstruct {
  constructor(scope: Construct, id: string, props: AlertProps) {
    super(scope, id);
    const { autoCloseSeconds = 604_800 } = props;
    refuse(this, [
      (autoCloseSeconds < 1800 || autoCloseSeconds % 60 !== 0) &&
        `autoCloseSeconds: ${autoCloseSeconds} must be at least 1800, in whole minutes`,
      props.conditions.length === 0 && "conditions: must not be empty",
      (props.channels.length < 1 || props.channels.length > 16) &&
        `channels: must be 1 to 16, not ${props.channels.length}`,
      ...props.conditions.flatMap(conditionFaults),
    ]);
    const policy = new MonitoringAlertPolicy(this, "Resource", {
      displayName: props.name,
      combiner: "OR",
      enabled: true,
      severity: props.severity ?? "CRITICAL",
      conditions: props.conditions.map(condition),
      documentation: { content: props.guidance, mimeType: "text/markdown", subject: props.name },
      notificationChannels: props.channels.map(({ resourceName }) => resourceName),
      alertStrategy: { autoClose: `${autoCloseSeconds}s` },
      userLabels: props.labels,
    });
    policy.node.addDependency(...(props.dependsOn ?? []));
  }
}

function conditionFaults(of: AlertCondition): Fault[] {
  const where = `conditions: "${of.name}"`;
  switch (of.kind) {
    case "above":
      return [
        notWhole(`${where} periodSeconds`, of.periodSeconds, 60),
        ...[of.periodSeconds, of.lastingSeconds ?? 0].map(
          (seconds) => seconds % 60 !== 0 && `${where}: ${seconds} seconds must be in whole minutes`,
        ),
      ];
    case "silent":
      return [
        (of.seconds < 120 || of.seconds > 84_600 || of.seconds % 60 !== 0) &&
          `${where} after ${of.seconds} seconds must be in whole minutes from 120 to 84600`,
      ];
  }
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
