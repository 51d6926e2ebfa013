import { differences } from "../../../checks/cdktn/differences";

test("differences is empty for equal values, regardless of key order", () => {
  expect(differences({ a: 1, b: [{ c: "x" }] }, { b: [{ c: "x" }], a: 1 })).toEqual([]);
});

test("differences lists the path of each difference", () => {
  const one = {
    resource: { bucket: { lake: { location: "A", labels: { x: "1" } } } },
    list: [1, 2],
    only: true,
  };
  const other = { resource: { bucket: { lake: { location: "B", labels: {} } } }, list: [1, 3], also: null };
  expect(differences(one, other)).toEqual([
    "resource.bucket.lake.location",
    "resource.bucket.lake.labels.x",
    "list[1]",
    "only",
    "also",
  ]);
});

test("differences lists arrays of different length and values of different type as a whole", () => {
  expect(differences({ list: [1] }, { list: [1, 2] })).toEqual(["list"]);
  expect(differences({ block: {} }, { block: [] })).toEqual(["block"]);
});
