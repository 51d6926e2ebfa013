import type { Subworkflow } from "../constructs/workflow-source";
import { type PeriodicGrain, periodicGrains } from "../dataset";
import { goIf } from "./steps";

/**
 * How a workflow computes with periods. Workflows has no dates, so a period is a number, the months, weeks or days since
 * a fixed one, from which its label is computed. All values are expressions of Workflows.
 */
export interface PeriodExpressions {
  /** Number of the period that contains a date, an expression such as `"2019-01"` or `"2019-01-31T10:00:00+01:00"`. */
  readonly numberOf: (date: string) => string;
  /** Label of the period with this number. */
  readonly labelOf: (number: string) => string;
}

// 108 - 101 instead of 08 - 1: a leading zero may be refused, or read as octal.
const monthsOf = (date: string) =>
  `int(text.substring(${date}, 0, 4)) * 12 + int("1" + text.substring(${date}, 5, 7)) - 101`;
const daysOf = (date: string) => `int(time.parse(text.substring(${date}, 0, 10) + "T00:00:00Z")) // 86400`;
const dateOf = (days: string) => `text.substring(time.format((${days}) * 86400), 0, 10)`;

export function periodExpressions(grain: PeriodicGrain): PeriodExpressions {
  switch (grain) {
    case "year":
      return {
        numberOf: (date) => `int(text.substring(${date}, 0, 4))`,
        labelOf: (number) => `string(${number})`,
      };
    case "quarter":
      return {
        numberOf: (date) => `(${monthsOf(date)}) // 3`,
        labelOf: (number) => `string((${number}) // 4) + "-Q" + string((${number}) % 4 + 1)`,
      };
    case "month":
      return {
        numberOf: monthsOf,
        // 101 to 112 without the first digit is 01 to 12.
        labelOf: (number) =>
          `string((${number}) // 12) + "-" + text.substring(string((${number}) % 12 + 101), 1, 3)`,
      };
    case "week":
      return {
        // Day 0 is a Thursday: a week with the number n has its Thursday on day 7n.
        numberOf: (date) => `(${daysOf(date)} + 3) // 7`,
        // The year of a week is that of its Thursday, whose day of the year gives its number.
        labelOf: (number) => {
          const thursday = dateOf(`(${number}) * 7`);
          const firstDay = `int(time.parse(text.substring(${thursday}, 0, 4) + "-01-01T00:00:00Z")) // 86400`;
          return `text.substring(${thursday}, 0, 4) + "-W" + text.substring(string(((${number}) * 7 - ${firstDay}) // 7 + 101), 1, 3)`;
        },
      };
    case "day":
      return { numberOf: daysOf, labelOf: dateOf };
    case "hour":
      return {
        numberOf: (date) => `int(time.parse(text.substring(${date}, 0, 13) + ":00:00Z")) // 3600`,
        labelOf: (number) => `text.substring(time.format((${number}) * 3600), 0, 13)`,
      };
  }
}

/** Number of the period with a label, which for quarters and weeks is no date: `2019-Q1`, `2019-W05`. */
const labelled = {
  quarter: `int(text.substring(date, 0, 4)) * 4 + int(text.substring(date, 6, 7)) - 1`,
  // January 4th is always in the first week.
  week: `(int(time.parse(text.substring(date, 0, 4) + "-01-04T00:00:00Z")) // 86400 + 3) // 7 + int("1" + text.substring(date, 6, 8)) - 101`,
} as const;

/** The subworkflow that returns the number of the period that contains a date, or has this label. */
export const numberSubworkflow: Subworkflow = {
  params: ["grain", "date"],
  steps: [
    // A year has no more characters to look at.
    { by_year_label: goIf("len(date) == 4", "year") },
    { by_quarter_label: goIf('text.substring(date, 5, 6) == "Q"', "quarter_label") },
    { by_week_label: goIf('text.substring(date, 5, 6) == "W"', "week_label") },
    ...periodicGrains.map((grain) => ({ [`by_${grain}`]: goIf(`grain == "${grain}"`, grain) })),
    { unknown: { raise: '${"the grain " + grain + " is unknown"}' } },
    { quarter_label: { return: `\${${labelled.quarter}}` } },
    { week_label: { return: `\${${labelled.week}}` } },
    ...periodicGrains.map((grain) => ({
      [grain]: { return: `\${${periodExpressions(grain).numberOf("date")}}` },
    })),
  ],
};

/** The subworkflow that returns the label of the period with a number. */
export const labelSubworkflow: Subworkflow = {
  params: ["grain", "number"],
  steps: [
    ...periodicGrains.map((grain) => ({ [`by_${grain}`]: goIf(`grain == "${grain}"`, grain) })),
    { whole: { return: "once" } },
    ...periodicGrains.map((grain) => ({
      [grain]: { return: `\${${periodExpressions(grain).labelOf("number")}}` },
    })),
  ],
};
