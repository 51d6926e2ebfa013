import { BillingBudget } from "@cdktf/provider-google/lib/billing-budget";
import type { Construct } from "constructs";
import { malformed, notWhole, refuse } from "./errors";
import type { INotificationChannel } from "./notification-channel";
import { type Dependency, TerraformConstruct } from "./terraform-construct";

export interface BudgetProps {
  /** Shown in the console and in the notification. */
  readonly name: string;
  /** Id of the billing account: `0X0X0X-0X0X0X-0X0X0X`. */
  readonly billingAccount: string;
  /** Number of the project whose costs are counted. */
  readonly projectNumber: string;
  /** Budget for a month, in whole units of `currency`. */
  readonly amount: number;
  /** Currency of the billing account, as an ISO 4217 code: `USD`. */
  readonly currency: string;
  /** Where notifications are sent, in addition to the administrators of the billing account: at most 5 channels. */
  readonly channels: readonly INotificationChannel[];
  /** Shares of the amount at which a notification is sent, above 0. @default - 0.5, 0.9 and 1 */
  readonly thresholds?: readonly number[];
  /** What must be created first, such as the enabled API. @default - nothing */
  readonly dependsOn?: readonly Dependency[];
}

/**
 * A monthly budget that sends notifications when costs reach a share of it, or are forecast to exceed it. It does not
 * stop anything.
 */
export class Budget extends TerraformConstruct {
  constructor(scope: Construct, id: string, props: BudgetProps) {
    super(scope, id);
    const thresholds = props.thresholds ?? [0.5, 0.9, 1];
    refuse(this, [
      malformed(
        "billingAccount",
        props.billingAccount,
        /^[0-9A-F]{6}(-[0-9A-F]{6}){2}$/,
        "three groups of 6 hex digits, 0X0X0X-0X0X0X-0X0X0X",
      ),
      malformed("projectNumber", props.projectNumber, /^\d+$/, "the number of a project, not its id"),
      props.channels.length > 5 && `channels: must be at most 5, not ${props.channels.length}`,
      malformed("currency", props.currency, /^[A-Z]{3}$/, "an ISO 4217 code such as USD"),
      notWhole("amount", props.amount, 1),
      ...thresholds.map(
        (share) => share <= 0 && `thresholds: ${share} must be above 0; 0.5 is half the amount`,
      ),
    ]);
    const budget = new BillingBudget(this, "Resource", {
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
        monitoringNotificationChannels: props.channels.map(({ resourceName }) => resourceName),
        schemaVersion: "1.0",
        disableDefaultIamRecipients: false,
      },
    });
    budget.node.addDependency(...(props.dependsOn ?? []));
  }
}
