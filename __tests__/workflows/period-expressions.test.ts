import fc from "fast-check";
import { type PeriodExpressions, periodExpressions } from "../../workflows/period-expressions";
import { evaluate } from "../support/workflows/evaluate";
import { parse } from "../support/workflows/expression";
import { functions } from "../support/workflows/functions";

const value = (expression: string) =>
  evaluate(parse(expression), {
    variable: (name) => {
      throw new Error(`there is no variable ${name}`);
    },
    functions: functions(() => 0),
  });
const numberOf = ({ numberOf: of }: PeriodExpressions, name: string) => Number(value(of(`"${name}"`)));
const nameOf = ({ nameOf: of }: PeriodExpressions, number: number) => value(of(String(number)));

const day = fc
  .date({ min: new Date("1970-01-01"), max: new Date("2100-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

describe.each([
  ["month", 7],
  ["day", 10],
] as const)("the number of a %s", (grain, length) => {
  const expressions = periodExpressions(grain);

  test("converts back to its name", () => {
    fc.assert(
      fc.property(day, (date) => {
        const name = date.slice(0, length);
        expect(nameOf(expressions, numberOf(expressions, name))).toBe(name);
      }),
    );
  });

  test("is one more than that of the previous period", () => {
    fc.assert(
      fc.property(day, (date) => {
        const name = date.slice(0, length);
        const next = new Date(`${name.padEnd(10, "-01")}T00:00:00Z`);
        if (grain === "month") next.setUTCMonth(next.getUTCMonth() + 1);
        else next.setUTCDate(next.getUTCDate() + 1);
        const following = next.toISOString().slice(0, length);
        expect(numberOf(expressions, following)).toBe(numberOf(expressions, name) + 1);
      }),
    );
  });

  test("of a time is that of the local date", () => {
    const at = (time: string, zone: string) =>
      nameOf(expressions, Number(value(expressions.numberAt(String(Date.parse(time) / 1000), zone))));
    expect(at("2026-11-01T02:00:00Z", "America/New_York")).toBe("2026-10-31".slice(0, length));
    expect(at("2026-10-31T18:00:00Z", "Asia/Tokyo")).toBe("2026-11-01".slice(0, length));
    expect(at("2026-12-31T23:59:59Z", "Etc/UTC")).toBe("2026-12-31".slice(0, length));
  });
});
