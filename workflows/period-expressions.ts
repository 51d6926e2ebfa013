/**
 * How a workflow computes with periods. Workflows has no dates, so a period is a number, the months or days since a
 * fixed one, from which its name is computed. All values are expressions of Workflows.
 */
export interface PeriodExpressions {
  /** Number of the period with this name, an expression such as `"2019-01"`. */
  readonly numberOf: (name: string) => string;
  /** Name of the period with this number. */
  readonly nameOf: (number: string) => string;
  /** Number of the period that contains a time (seconds since 1970), by the local date of a time zone. */
  readonly numberAt: (seconds: string, timeZone: string) => string;
}

export function periodExpressions(grain: "month" | "day"): PeriodExpressions {
  switch (grain) {
    case "month": {
      // 108 - 101 instead of 08 - 1: a leading zero may be rejected, or read as octal.
      const numberOf = (name: string) =>
        `int(text.substring(${name}, 0, 4)) * 12 + int("1" + text.substring(${name}, 5, 7)) - 101`;
      return {
        numberOf,
        // 101 to 112 without the first digit is 01 to 12.
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
