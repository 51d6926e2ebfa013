import { defineDataset } from "../../../dataset";
import { Failure } from "../../../job/failure";
import { headerNames, matchHeader } from "../../../job/schema/header";

const spec = defineDataset({
  id: "trips",
  description: "Trips.",
  source: { url: "trips-{period}.csv", format: "csv" },
  grain: "month",
  firstPeriod: "2020-01",
  columns: [
    { name: "VendorID", type: "INTEGER", description: "x" },
    { name: "zone", type: "INTEGER", description: "x", aliases: ["location id"] },
    { name: "fee", type: "FLOAT", description: "x", optional: true },
  ],
});

function match(line: string): string[] {
  return matchHeader(headerNames(line, spec.source, "trips.csv line 1"), spec, "trips.csv line 1").map(
    ({ column }) => column.name,
  );
}

test.each([
  ["VendorID,zone,fee", ["VendorID", "zone", "fee"]],
  ["fee,VENDORID, zone ", ["fee", "VendorID", "zone"]],
  ['"VendorID","Location ID"', ["VendorID", "zone"]],
])("matchHeader accepts %s", (line, columns) => {
  expect(match(line)).toEqual(columns);
});

test.each([
  [
    "VendorID,zone,tip",
    'trips.csv line 1: the header does not match the specification: field 3 "tip" is not in the specification.',
  ],
  ["VendorID", "column zone is missing"],
  ["VendorID,zone,Zone", 'field 3 "Zone" is a duplicate (column zone)'],
  ["VendorID,zone,location id", 'field 3 "location id" is a duplicate (column zone)'],
  [
    "1,2",
    'field 1 "1" is not in the specification; field 2 "2" is not in the specification; column VendorID is missing; column zone is missing',
  ],
])("matchHeader reports schema drift for %s", (line, message) => {
  expect(() => match(line)).toThrow(message);
  expect(() => match(line)).toThrow(Failure);
});
