import fc from "fast-check";
import { loadCatalog } from "../fixtures/catalog";
import { columnTypes, defineDataset, specDigest, specFromJson, specToJson } from "../../dataset";

const names = fc
  .stringMatching(/^[a-z][a-z0-9]{0,10}$/)
  .filter((name) => !["year", "month", "day"].includes(name));

/** Any valid specification. */
const specs = fc
  .record({
    id: names,
    description: fc.string({ minLength: 1 }).filter((text) => text.trim() !== ""),
    columns: fc.uniqueArray(
      fc.record({
        name: names,
        type: fc.constantFrom(...columnTypes),
        mode: fc.constantFrom("NULLABLE" as const, "REQUIRED" as const),
        description: fc.constant("x"),
      }),
      { minLength: 1, maxLength: 6, selector: ({ name }) => name },
    ),
    nullValues: fc.array(fc.string().filter((text) => !/[,"\r\n\0]/.test(text))),
    limit: fc.nat(),
  })
  .map(({ nullValues, limit, ...rest }) =>
    defineDataset({
      ...rest,
      source: { url: "https://example.com/{period}.csv", format: "csv", nullValues },
      grain: "month",
      firstPeriod: "2020-01",
      badRows: { action: "reject", limit },
    }),
  );

test("specification is unchanged after a round trip through JSON", () => {
  fc.assert(
    fc.property(specs, (spec) => {
      expect(specFromJson(specToJson(spec))).toEqual(spec);
      expect(specToJson(specFromJson(specToJson(spec)))).toBe(specToJson(spec));
    }),
  );
});

test("catalog: every data set is unchanged after a round trip through JSON", () => {
  const catalog = [...loadCatalog().values()];
  expect(catalog.map(({ id }) => id)).toEqual([
    "fhv_tripdata",
    "green_tripdata",
    "taxi_zones",
    "yellow_tripdata",
  ]);
  for (const spec of catalog) expect(specFromJson(specToJson(spec))).toEqual(spec);
});

test.each([
  [
    '{"version": 2, "id": "orders"}',
    "data set orders: 1 fault\n  - version: the specification has version 2, but this program supports version 1",
  ],
  ['{"id": "orders"}', "the specification has no version"],
  ["{", "specification: is not valid JSON"],
  ["[]", "specification: must be a JSON object"],
  ['{"version": 1, "id": "orders"}', "description: is missing (string)"],
])("specFromJson rejects %s", (text, message) => {
  expect(() => specFromJson(text)).toThrow(message);
});

test("specDigest changes with what affects the data, and with nothing else", () => {
  const [spec] = loadCatalog().values();
  if (spec === undefined) throw new Error("the catalog is empty");
  const moved = {
    ...spec,
    description: "other",
    source: { ...spec.source, url: "https://example.com/{period}" },
  };
  expect(specDigest(moved)).toBe(specDigest(spec));
  // The result of both engines is the same: a change of the engine writes nothing.
  expect(specDigest({ ...spec, engine: "bigquery" })).toBe(specDigest(spec));
  const column = spec.columns[0];
  if (column === undefined) throw new Error("no columns");
  const retyped = { ...spec, columns: [{ ...column, type: "FLOAT" as const }, ...spec.columns.slice(1)] };
  expect(specDigest(retyped)).not.toBe(specDigest(spec));
});
