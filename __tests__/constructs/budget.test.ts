import { Budget, type BudgetProps } from "../../constructs/budget";
import { NotificationChannel } from "../../constructs/notification-channel";
import { only, refusal } from "./support";

const channels = ["1", "2"].map((number) =>
  NotificationChannel.fromName(`projects/p/notificationChannels/${number}`),
);
const base = {
  name: "Month",
  billingAccount: "012345-6789AB-CDEF01",
  projectNumber: "42",
  amount: 100,
  currency: "EUR",
  channels,
};
const budget = (props: Partial<BudgetProps> = {}) =>
  only("google_billing_budget", (stack) => new Budget(stack, "budget", { ...base, ...props }));

describe("Budget", () => {
  test("counts one project's costs of a month in the currency of the account", () => {
    expect(budget()).toMatchObject({
      billing_account: "012345-6789AB-CDEF01",
      display_name: "Month",
      budget_filter: {
        projects: ["projects/42"],
        calendar_period: "MONTH",
        credit_types_treatment: "INCLUDE_ALL_CREDITS",
      },
      amount: { specified_amount: { currency_code: "EUR", units: "100" } },
    });
  });

  test("notifies the channel and the administrators at half, nine tenths and all, and on a forecast of all", () => {
    expect(budget()).toMatchObject({
      threshold_rules: [
        { threshold_percent: 0.5, spend_basis: "CURRENT_SPEND" },
        { threshold_percent: 0.9, spend_basis: "CURRENT_SPEND" },
        { threshold_percent: 1, spend_basis: "CURRENT_SPEND" },
        { threshold_percent: 1, spend_basis: "FORECASTED_SPEND" },
      ],
      all_updates_rule: {
        monitoring_notification_channels: [
          "projects/p/notificationChannels/1",
          "projects/p/notificationChannels/2",
        ],
        disable_default_iam_recipients: false,
        schema_version: "1.0",
      },
    });
  });

  test("accepts other thresholds, and always notifies on the forecast", () => {
    expect(budget({ thresholds: [0.1] })).toMatchObject({
      threshold_rules: [
        { threshold_percent: 0.1, spend_basis: "CURRENT_SPEND" },
        { threshold_percent: 1, spend_basis: "FORECASTED_SPEND" },
      ],
    });
  });

  test("rejects ids of the wrong form and amounts that are not whole", () => {
    const wrong = {
      billingAccount: "mine",
      projectNumber: "my-project",
      amount: 9.5,
      currency: "euros",
      thresholds: [0],
    };
    expect(refusal(() => budget(wrong))).toBe(`Budget at test/budget:
  - billingAccount: "mine" must be three groups of 6 hex digits, 0X0X0X-0X0X0X-0X0X0X
  - projectNumber: "my-project" must be the number of a project, not its id
  - currency: "euros" must be an ISO 4217 code such as USD
  - amount: 9.5 must be an integer of at least 1
  - thresholds: 0 must be above 0; 0.5 is half the amount`);
  });
});
