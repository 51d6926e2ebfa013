import { monthRange } from "../../spark/driver/months";

test("both ends, or none, which means all months", () => {
  expect(monthRange("2019-01", "2019-03")).toEqual({ from: "2019-01", to: "2019-03" });
  expect(monthRange("2019-01", "2019-01")).toEqual({ from: "2019-01", to: "2019-01" });
  expect(monthRange(undefined, undefined)).toBeUndefined();
});

test.each([
  ["2019-01", undefined, "use --from and --to together"],
  [undefined, "2019-01", "use --from and --to together"],
  ["2019-13", "2019-14", 'period "2019-13" is not a valid month: use the format 2019-01'],
  ["2019-01-01", "2019-02", "is not a valid month"],
  ["2019-03", "2019-01", "the range 2019-03 to 2019-01 ends before it starts"],
])("from %s to %s is refused", (from, to, message) => {
  expect(() => monthRange(from, to)).toThrow(message);
});
