import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadCatalog } from "../fixtures/catalog";
import { revenueMart, revenueSources, tableColumns } from "../../dataset";

const program = readFileSync(join(__dirname, "../../spark/revenue.py"), "utf8");
const requirements = readFileSync(join(__dirname, "../../spark/requirements/laptop.txt"), "utf8");

/** Spark's type for each type of the catalog, as the program declares it. */
const sparkTypes: Readonly<Record<string, string>> = {
  INTEGER: "bigint",
  FLOAT: "double",
  STRING: "string",
  DATETIME: "timestamp_ntz",
};

/** A name in the program with a type next to it. */
const declared = [...program.matchAll(/"(\w+)": "(bigint|double|string|timestamp_ntz)"/g)].map((found) => ({
  name: found[1] ?? "",
  type: found[2] ?? "",
}));
const amounts = /AMOUNTS = \[([^\]]+)\]/.exec(program)?.[1]?.match(/\w+/g) ?? [];

test("the columns that the program reads exist in the catalog, with these types", () => {
  const catalog = loadCatalog();
  const columns = [...revenueSources.trips, revenueSources.zones].flatMap((id) => {
    const spec = catalog.get(id);
    return spec === undefined ? [] : tableColumns(spec).map((column) => ({ id, ...column }));
  });
  const read = [...declared, ...amounts.map((name) => ({ name, type: "double" }))];
  expect(read.length).toBeGreaterThan(14);
  for (const { name, type } of read) {
    const found = columns.filter((column) => column.name === name);
    expect([name, found.length > 0]).toEqual([name, true]);
    for (const column of found) expect([name, sparkTypes[column.type]]).toEqual([name, type]);
  }
  // The columns of trips are in both services.
  const trips = [
    ...amounts,
    ...declared.map(({ name }) => name).filter((name) => /^(PU|DO|passenger|trip_)/.test(name)),
  ];
  for (const name of trips)
    for (const id of revenueSources.trips)
      expect([id, name, columns.some((column) => column.id === id && column.name === name)]).toEqual([
        id,
        name,
        true,
      ]);
  for (const [pickup, id] of [
    ["lpep_pickup_datetime", "green_tripdata"],
    ["tpep_pickup_datetime", "yellow_tripdata"],
  ]) {
    expect(program).toContain(`"${pickup ?? ""}"`);
    expect(columns.find((column) => column.id === id && column.name === pickup)?.type).toBe("DATETIME");
  }
});

test("the program writes the columns of the mart", () => {
  const names = revenueMart.columns.map(({ name }) => name);
  for (const amount of amounts) {
    const suffix = /^(tip|tolls|total)_amount$/.test(amount) ? amount : amount.replace(/_amount$/, "");
    expect(names).toContain(`revenue_monthly_${suffix}`);
  }
  expect(names.filter((name) => name.startsWith("revenue_monthly_"))).toHaveLength(amounts.length);
});

test("Spark has the minor of the runtime in the cloud, 2.3: Spark 3.5", () => {
  expect(requirements).toMatch(/^pyspark==3\.5\./m);
});
