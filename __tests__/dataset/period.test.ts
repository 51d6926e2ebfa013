import fc from "fast-check";
import { Period } from "../../dataset";

const months = fc
  .record({ year: fc.integer({ min: 1970, max: 2199 }), month: fc.integer({ min: 1, max: 12 }) })
  .map(({ year, month }) => `${String(year)}-${String(month).padStart(2, "0")}`);

test("Period.parse reads the label of a month", () => {
  fc.assert(
    fc.property(months, (label) => {
      expect(Period.parse("month", label).label).toBe(label);
    }),
  );
});

test("Period.plus forward and back returns the same month or day", () => {
  fc.assert(
    fc.property(months, fc.integer({ min: -500, max: 500 }), (label, count) => {
      for (const period of [Period.parse("month", label), Period.parse("day", `${label}-28`)]) {
        expect(period.plus(count).plus(-count).label).toBe(period.label);
        expect(period.isBefore(period.plus(count))).toBe(count > 0);
      }
    }),
  );
});

test("Period.range contains every period once, in order, inclusive", () => {
  fc.assert(
    fc.property(months, fc.integer({ min: 0, max: 60 }), (label, count) => {
      const from = Period.parse("month", label);
      const range = Period.range(from, from.plus(count));
      expect(range.map((period) => period.label)).toEqual(
        Array.from({ length: count + 1 }, (_, index) => from.plus(index).label),
      );
    }),
  );
});

test("Period.plus follows the calendar", () => {
  expect(Period.parse("day", "2019-12-31").plus(1).label).toBe("2020-01-01");
  expect(Period.parse("day", "2020-02-28").plus(1).label).toBe("2020-02-29");
  expect(Period.parse("month", "2019-12").plus(1).label).toBe("2020-01");
});

test.each([
  ["month", "2019-13"],
  ["month", "2019-1"],
  ["month", "2019-01-01"],
  ["month", "201901"],
  ["day", "2019-02-29"],
  ["day", "2019-01"],
  ["once", "2019-01"],
] as const)("Period.parse for the grain %s rejects %s", (grain, text) => {
  expect(() => Period.parse(grain, text)).toThrow(text);
});

test("Period.range rejects a range that ends before it starts", () => {
  const [from, to] = [Period.parse("month", "2019-03"), Period.parse("month", "2019-01")];
  expect(() => Period.range(from, to)).toThrow("the range 2019-03 to 2019-01 ends before it starts");
});

test("Period.once has no other period before or after it", () => {
  expect(Period.once.plus(3)).toBe(Period.once);
  expect(Period.range(Period.once, Period.once)).toEqual([Period.once]);
});
