import { BillingBudget } from "@cdktf/provider-google/lib/billing-budget";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { malformed, refuse } from "./errors";
import type { INotificationChannel } from "./notification-channel";

export interface BudgetProps {
  /** Shown in the console and in the message. */
  readonly name: string;
  /** `0X0X0X-0X0X0X-0X0X0X` */
  readonly billingAccount: string;
  /** Number of the project whose costs are counted. */
  readonly projectNumber: string;
  /** What a month may cost, in whole units of `currency`. */
  readonly amount: number;
  /** The billing account's own: `USD`. */
  readonly currency: string;
  /** Where the message goes, besides those who pay the bill. */
  readonly channel: INotificationChannel;
  /** Shares of the amount at which someone is told. @default - 0.5, 0.9 and 1 */
  readonly thresholds?: readonly number[];
  /** What must be there first, such as the enabled API. @default - nothing */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/** Tells someone what a month costs before it is over; it stops nothing. */
export class Budget extends Construct {
  constructor(scope: Construct, id: string, props: BudgetProps) {
    super(scope, id);
    const thresholds = props.thresholds ?? [0.5, 0.9, 1];
    refuse(this, [
      malformed(
        "billingAccount",
        props.billingAccount,
        /^[0-9A-F]{6}(-[0-9A-F]{6}){2}$/,
        "6 hex digits three times",
      ),
      malformed("projectNumber", props.projectNumber, /^\d+$/, "the project's number"),
      (!Number.isInteger(props.amount) || props.amount < 1) &&
        `amount: ${props.amount} must be a whole number above 0`,
    ]);
    new BillingBudget(this, "Resource", {
      billingAccount: props.billingAccount,
      displayName: props.name,
      budgetFilter: {
        projects: [`projects/${props.projectNumber}`],
        calendarPeriod: "MONTH",
        creditTypesTreatment: "INCLUDE_ALL_CREDITS",
      },
      amount: { specifiedAmount: { currencyCode: props.currency, units: String(props.amount) } },
      thresholdRules: [
        ...thresholds.map((share) => ({ thresholdPercent: share, spendBasis: "CURRENT_SPEND" })),
        { thresholdPercent: 1, spendBasis: "FORECASTED_SPEND" },
      ],
      allUpdatesRule: {
        monitoringNotificationChannels: [props.channel.resourceName],
        schemaVersion: "1.0",
        disableDefaultIamRecipients: false,
      },
      dependsOn: props.dependsOn && [...props.dependsOn],
    });
  }
}
