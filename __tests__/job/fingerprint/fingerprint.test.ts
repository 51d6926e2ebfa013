import { differences, type Fingerprint } from "../../../job/fingerprint/fingerprint";
import { compareRows } from "../../../job/steps/verify";

function holding(place: string, rows: number, values = rows, sum = 10n): Fingerprint {
  return { place, rows, columns: new Map([["fare", { values, sum }]]) };
}

test("differences is empty for equal fingerprints", () => {
  expect(differences(holding("the lake", 9), holding("the warehouse", 9))).toEqual([]);
});

test.each<[string, Fingerprint, string]>([
  ["a missing row", holding("the warehouse", 8), "the lake has 9 rows, the warehouse has 8 rows"],
  [
    "a missing value",
    holding("the database", 9, 8),
    "column fare: the lake has 9 non-NULL values, the database has 8",
  ],
  [
    "another value",
    holding("the database", 9, 9, 11n),
    "column fare: the lake and the database have different values",
  ],
])("differences reports %s", (_name, other, message) => {
  expect(differences(holding("the lake", 9), other)).toEqual([message]);
});

test("differences ignores a column that one of the fingerprints does not contain", () => {
  const silent = { place: "the database", rows: 9, columns: new Map() };
  expect(differences(holding("the lake", 9), silent)).toEqual([]);
});

test("compareRows throws for rows that are neither in the lake nor rejected", () => {
  const source = { url: "x", bytes: 1, sha256: "", rows: 10 };
  const rejects = { path: "x", bytes: 1, sha256: "", rows: 1 };
  expect(() => {
    compareRows({ source, rejects }, 9);
  }).not.toThrow();
  expect(() => {
    compareRows({ source, rejects }, 8);
  }).toThrow("expected 9 rows in the lake (10 source rows, 1 rejected), found 8");
});
