import fc from "fast-check";
import { hiveKeys, parquetPath, Period, periodicGrains, periodIn } from "../../dataset";

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

test.each([
  ["year", "2019", "2019-01-01", "2020"],
  ["quarter", "2019-Q4", "2019-10-01", "2020-Q1"],
  ["month", "2019-12", "2019-12-01", "2020-01"],
  ["week", "2020-W53", "2020-12-28", "2021-W01"],
  ["week", "2019-W01", "2018-12-31", "2019-W02"],
  ["day", "2019-12-31", "2019-12-31", "2020-01-01"],
  ["hour", "2019-12-31T23", "2019-12-31", "2020-01-01T00"],
] as const)("the %s %s starts on %s and is followed by %s", (grain, label, start, next) => {
  const period = Period.parse(grain, label);
  expect([period.label, period.startDate, period.plus(1).label]).toEqual([label, start, next]);
  expect(period.plus(1).plus(-1).label).toBe(label);
});

test.each([
  ["year", "19"],
  ["quarter", "2019-Q5"],
  ["week", "2019-W53"],
  ["week", "2019-W00"],
  ["hour", "2019-01-31T24"],
] as const)("Period.parse for the grain %s rejects %s", (grain, text) => {
  expect(() => Period.parse(grain, text)).toThrow(`period "${text}" is not a valid ${grain}`);
});

test("every moment is in exactly one period of each grain", () => {
  const moments = fc.date({ min: new Date("1970-01-01"), max: new Date("2199-12-31"), noInvalidDate: true });
  fc.assert(
    fc.property(moments, (moment) => {
      for (const grain of periodicGrains) {
        const period = Period.containing(grain, moment);
        expect(Period.parse(grain, period.label).equals(period)).toBe(true);
        const [start, end] = [period, period.plus(1)].map(({ startText }) => Date.parse(`${startText}Z`));
        expect(start).toBeLessThanOrEqual(moment.getTime());
        expect(end).toBeGreaterThan(moment.getTime());
      }
    }),
  );
});

test("the folders of a period lead back to it", () => {
  for (const grain of periodicGrains) {
    const period = Period.containing(grain, new Date("2024-02-29T23:00:00Z"));
    const path = parquetPath("x", period);
    const values = hiveKeys(grain).map((key) => new RegExp(`/${key}=([^/]+)/`).exec(path)?.[1] ?? "");
    expect(periodIn(grain, values).label).toBe(period.label);
  }
});
