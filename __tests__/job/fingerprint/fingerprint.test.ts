import { differences, type Fingerprint } from "../../../job/fingerprint/fingerprint";
import { compareRows } from "../../../job/steps/verify";

function holding(place: string, rows: number, values = rows, sum = 10n): Fingerprint {
  return { place, rows, columns: new Map([["fare", { values, sum }]]) };
}

test("equal fingerprints have no difference", () => {
  expect(differences(holding("the lake", 9), holding("the warehouse", 9))).toEqual([]);
});

test.each<[string, Fingerprint, string]>([
  ["a lost row", holding("the warehouse", 8), "the lake has 9 rows, the warehouse has 8 rows"],
  [
    "a lost value",
    holding("the database", 9, 8),
    "column fare: the lake has 9 non-NULL values, the database has 8",
  ],
  [
    "another value",
    holding("the database", 9, 9, 11n),
    "column fare: the lake and the database have different values",
  ],
])("%s is a difference", (_name, other, message) => {
  expect(differences(holding("the lake", 9), other)).toEqual([message]);
});

test("what one place cannot tell of a column is not compared", () => {
  const silent = { place: "the database", rows: 9, columns: new Map() };
  expect(differences(holding("the lake", 9), silent)).toEqual([]);
});

test("rows that are neither in the lake nor rejected", () => {
  const source = { url: "x", bytes: 1, sha256: "", rows: 10 };
  const rejects = { path: "x", bytes: 1, sha256: "", rows: 1 };
  expect(() => {
    compareRows({ source, rejects }, 9);
  }).not.toThrow();
  expect(() => {
    compareRows({ source, rejects }, 8);
  }).toThrow("expected 9 rows in the lake (10 source rows, 1 rejected), found 8");
});
