import type { Subworkflow } from "../constructs/workflow-source";
import { goIf } from "./steps";

/**
 * How a workflow computes with periods. Workflows has no dates, so a period is a number, the months or days since a
 * fixed one, from which its label is computed. All values are expressions of Workflows.
 */
export interface PeriodExpressions {
  /** Number of the period that contains a date, an expression such as `"2019-01"` or `"2019-01-31T10:00:00+01:00"`. */
  readonly numberOf: (date: string) => string;
  /** Label of the period with this number. */
  readonly labelOf: (number: string) => string;
}

export function periodExpressions(grain: "month" | "day"): PeriodExpressions {
  switch (grain) {
    case "month":
      return {
        // 108 - 101 instead of 08 - 1: a leading zero may be refused, or read as octal.
        numberOf: (date) =>
          `int(text.substring(${date}, 0, 4)) * 12 + int("1" + text.substring(${date}, 5, 7)) - 101`,
        // 101 to 112 without the first digit is 01 to 12.
        labelOf: (number) =>
          `string((${number}) // 12) + "-" + text.substring(string((${number}) % 12 + 101), 1, 3)`,
      };
    case "day":
      return {
        numberOf: (date) => `int(time.parse(text.substring(${date}, 0, 10) + "T00:00:00Z")) // 86400`,
        labelOf: (number) => `text.substring(time.format((${number}) * 86400), 0, 10)`,
      };
  }
}

/** The subworkflow that returns the number of the period that contains a date. */
export const numberSubworkflow: Subworkflow = {
  params: ["grain", "date"],
  steps: [
    { by_month: goIf('grain == "month"', "month") },
    { day: { return: `\${${periodExpressions("day").numberOf("date")}}` } },
    { month: { return: `\${${periodExpressions("month").numberOf("date")}}` } },
  ],
};

/** The subworkflow that returns the label of the period with a number. */
export const labelSubworkflow: Subworkflow = {
  params: ["grain", "number"],
  steps: [
    { by_month: goIf('grain == "month"', "month") },
    { by_day: goIf('grain == "day"', "day") },
    { whole: { return: "once" } },
    { month: { return: `\${${periodExpressions("month").labelOf("number")}}` } },
    { day: { return: `\${${periodExpressions("day").labelOf("number")}}` } },
  ],
};
