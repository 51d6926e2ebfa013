/**
 * How a workflow counts periods. It has no dates, so a period is a number - months or days since a fixed one - and
 * its name is computed from that. All values are expressions in the workflow's own language.
 */
export interface PeriodExpressions {
  /** Number of the period with this name (an expression that gives `2019-01`). */
  readonly numberOf: (name: string) => string;
  /** Name of the period with this number. */
  readonly nameOf: (number: string) => string;
  /** Number of the period that a moment falls into, by the clocks of a time zone. */
  readonly numberAt: (seconds: string, timeZone: string) => string;
}

export function periodExpressions(grain: "month" | "day"): PeriodExpressions {
  switch (grain) {
    case "month": {
      // 108 less 101, not 08 less 1: a number that begins with 0 may be refused, or read as octal.
      const numberOf = (name: string) =>
        `int(text.substring(${name}, 0, 4)) * 12 + int("1" + text.substring(${name}, 5, 7)) - 101`;
      return {
        numberOf,
        // 101 to 112 without its first digit is 01 to 12.
        nameOf: (number) =>
          `string((${number}) // 12) + "-" + text.substring(string((${number}) % 12 + 101), 1, 3)`,
        numberAt: (seconds, timeZone) => numberOf(`time.format(${seconds}, "${timeZone}")`),
      };
    }
    case "day": {
      const numberOf = (name: string) => `int(time.parse(${name} + "T00:00:00Z")) // 86400`;
      return {
        numberOf,
        nameOf: (number) => `text.substring(time.format((${number}) * 86400), 0, 10)`,
        numberAt: (seconds, timeZone) =>
          numberOf(`text.substring(time.format(${seconds}, "${timeZone}"), 0, 10)`),
      };
    }
  }
}
