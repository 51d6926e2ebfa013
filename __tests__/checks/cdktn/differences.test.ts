import { differences } from "../../../checks/cdktn/differences";

test("equal values differ nowhere, whatever the order of their keys", () => {
  expect(differences({ a: 1, b: [{ c: "x" }] }, { b: [{ c: "x" }], a: 1 })).toEqual([]);
});

test("each difference is told by its path", () => {
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

test("lists of another length, and values of another kind, differ as a whole", () => {
  expect(differences({ list: [1] }, { list: [1, 2] })).toEqual(["list"]);
  expect(differences({ block: {} }, { block: [] })).toEqual(["block"]);
});
