import type { Holding } from "../../job/holding";
import { compareHoldings } from "../../job/steps/verify";

function holding(place: string, rows: number, values = rows, sum: number | null = 10): Holding {
  return { place, rows, columns: new Map([["fare", { values, sum }]]) };
}

test("equal holdings pass, in the last digits unequal sums too", () => {
  const other = holding("the warehouse", 9, 9, 10 + 1e-10);
  expect(() => {
    compareHoldings({ rows: 10, rejected: 1 }, [holding("the lake", 9), other]);
  }).not.toThrow();
});

test.each<[string, Holding, string]>([
  [
    "a lost row",
    holding("the warehouse", 8),
    "10 source rows without 1 rejected make 9, but the warehouse holds 8",
  ],
  [
    "a lost value",
    holding("the database", 9, 8),
    "column fare: the lake has 9 values with the sum 10, the database has 8 with",
  ],
  ["another sum", holding("the database", 9, 9, 10.001), "the database has 9 with the sum 10.001"],
  ["no sum", holding("the database", 9, 9, null), "with the sum null"],
])("%s is an integrity failure", (_name, other, message) => {
  expect(() => {
    compareHoldings({ rows: 10, rejected: 1 }, [holding("the lake", 9), other]);
  }).toThrow(message);
});
