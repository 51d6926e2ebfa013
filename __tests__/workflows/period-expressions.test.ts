import fc from "fast-check";
import { Period, periodicGrains } from "../../dataset";
import {
  labelSubworkflow,
  numberSubworkflow,
  type PeriodExpressions,
  periodExpressions,
} from "../../workflows/period-expressions";
import { validSubworkflow } from "../../workflows/range";
import { evaluate } from "../support/workflows/evaluate";
import { parse } from "../support/workflows/expression";
import { functions } from "../support/workflows/functions";
import { limits } from "../support/workflows/limits";

const value = (expression: string, variables: Readonly<Record<string, string | number>> = {}) =>
  evaluate(parse(expression), {
    variable: (name) => {
      const found = variables[name];
      if (found === undefined) throw new Error(`there is no variable ${name}`);
      return found;
    },
    functions: functions(() => 0),
  });
const numberOf = ({ numberOf: of }: PeriodExpressions, name: string) => Number(value(of(`"${name}"`)));
const labelOf = ({ labelOf: of }: PeriodExpressions, number: number) => value(of(String(number)));

const moment = fc.date({ min: new Date("1971-01-01"), max: new Date("2100-12-31"), noInvalidDate: true });

describe.each(periodicGrains)("the number of a %s", (grain) => {
  const expressions = periodExpressions(grain);

  test("leads from a date to the label of its period, and is one more than that of the period before", () => {
    fc.assert(
      fc.property(moment, (date) => {
        const period = Period.containing(grain, date);
        const number = numberOf(expressions, date.toISOString());
        expect(labelOf(expressions, number)).toBe(period.label);
        expect(labelOf(expressions, number + 1)).toBe(period.plus(1).label);
        expect(labelOf(expressions, number - 1)).toBe(period.plus(-1).label);
      }),
    );
  });

  test("of a label is that of a date in the period", () => {
    fc.assert(
      fc.property(moment, (date) => {
        const { label } = Period.containing(grain, date);
        expect(returned(numberSubworkflow, { grain, date: label })).toBe(
          numberOf(expressions, date.toISOString()),
        );
        expect(returned(labelSubworkflow, { grain, number: numberOf(expressions, date.toISOString()) })).toBe(
          label,
        );
      }),
      { numRuns: 30 },
    );
  });

  test("is only of labels of the grain", () => {
    const date = new Date("2024-05-06T07:00:00Z");
    for (const other of periodicGrains) {
      const check = () => returned(validSubworkflow, { grain, label: Period.containing(other, date).label });
      if (other === grain) expect(check()).toBeNull();
      else expect(check).toThrow(`is not a valid ${grain}`);
    }
  });

  test("has expressions that Workflows accepts", () => {
    for (const text of [expressions.numberOf("date"), expressions.labelOf("number")])
      expect(text.length).toBeLessThan(limits.expression);
  });
});

test.each([
  ["month", "2026-10", "2026-11"],
  ["day", "2026-10-31", "2026-11-01"],
  ["hour", "2026-10-31T22", "2026-11-01T03"],
] as const)("the number of a %s is that of the local date", (grain, west, east) => {
  const expressions = periodExpressions(grain);
  const at = (time: string, zone: string) =>
    labelOf(
      expressions,
      Number(value(expressions.numberOf(`time.format(${Date.parse(time) / 1000}, "${zone}")`))),
    );
  expect(at("2026-11-01T02:00:00Z", "America/New_York")).toBe(west);
  expect(at("2026-10-31T18:00:00Z", "Asia/Tokyo")).toBe(east);
});

interface Steps {
  readonly steps: readonly object[];
}

/** What a subworkflow of switches and returns returns. */
function returned({ steps }: Steps, variables: Readonly<Record<string, string | number>>): unknown {
  const named = steps.flatMap(
    (step) => Object.entries(step) as [string, Readonly<Record<string, unknown>>][],
  );
  const expression = (text: unknown) =>
    typeof text === "string" && text.startsWith("${") ? value(text.slice(2, -1), variables) : text;
  for (let at = 0; at < named.length; at += 1) {
    const [, step = {}] = named[at] ?? [];
    if ("return" in step) return expression(step["return"]);
    if ("raise" in step) throw new Error(String(expression(step["raise"])));
    const [{ condition, next } = { condition: "", next: "" }] = step["switch"] as {
      condition: string;
      next: string;
    }[];
    if (expression(condition) === true) at = named.findIndex(([name]) => name === next) - 1;
  }
  return undefined;
}
