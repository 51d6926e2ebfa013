import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { ridesModels } from "../../streaming/catalog/models";
import rides from "../../streaming/catalog/rides";
import { queryRows } from "../../job/engine/rows";
import { duckdbTypes } from "../../job/engine/types";
import type { Ride } from "../../streaming/ride";
import { Windows } from "../../streaming/windows";

/** Times around the ends of minutes, amounts around 40 dollars, in any order: most are late. */
const ride: fc.Arbitrary<Ride> = fc.record({
  ride_id: fc.uuid(),
  vendor_id: fc.constantFrom(1, 2, null),
  passenger_count: fc.constant(null),
  trip_distance: fc.constant(1.5),
  payment_type: fc.constant(1),
  total_amount: fc.oneof(
    fc.constantFrom(40, 39.99, 40.01, 0, -5.3, null),
    fc.nat(100_000).map((cents) => cents / 100),
  ),
  pickup_datetime: fc
    .tuple(fc.nat(4), fc.constantFrom(0, 1, 30, 59))
    .map(([minute, second]) =>
      new Date(Date.UTC(2019, 0, 31, 23, 57 + minute, second)).toISOString().slice(0, 19),
    ),
});

test("the models have the windows and branches that are counted apart, in whatever order the rides came", async () => {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const columns = rides.columns.map(({ name, type }) => `${name} ${duckdbTypes[type]}`).join(", ");
  await connection.run("CREATE SCHEMA core");
  await connection.run(`CREATE TABLE rides (${columns})`);
  for (const { name, sql } of ridesModels)
    await connection.run(
      `CREATE VIEW core.${name} AS ${sql("rides", (column) => `date_trunc('minute', ${column})`)}`,
    );
  await fc.assert(
    fc.asyncProperty(fc.array(ride, { minLength: 1, maxLength: 60 }), async (list) => {
      const windows = new Windows();
      for (const each of list) windows.add(each);
      await connection.run("DELETE FROM rides");
      const values = list.map(
        (each, index) =>
          `('${each.ride_id}', ${each.vendor_id ?? "NULL"}, NULL, 1.5, 1, ${each.total_amount ?? "NULL"}, '${each.pickup_datetime}', NULL, now(), 0, ${index})`,
      );
      await connection.run(`INSERT INTO rides VALUES ${values.join(", ")}`);
      const found = await queryRows(
        connection,
        "SELECT vendor_id, window_start::VARCHAR AS start, rides, (coalesce(total_amount, 0) * 100)::BIGINT AS cents FROM core.rides_per_minute",
      );
      const expected = [...windows].map(({ vendor, start, rides: count, cents }) =>
        [vendor ?? "", start, count, cents].join(" "),
      );
      const text = (row: Record<string, unknown>) =>
        [row["vendor_id"] ?? "", row["start"], row["rides"], row["cents"]].map(String).join(" ");
      expect(found.map(text).sort()).toEqual(expected.sort());

      const branches = await queryRows(
        connection,
        "SELECT branch, count(*) AS rides FROM core.rides_by_branch GROUP BY 1",
      );
      const of = (name: string | null) =>
        Number(branches.find(({ branch }) => branch === name)?.["rides"] ?? 0);
      expect(of("from_40")).toBe(windows.from40);
      expect(of("from_40") + of("below_40") + of(null)).toBe(list.length);
      expect(of(null)).toBe(list.filter(({ total_amount }) => total_amount === null).length);
    }),
    { numRuns: 40 },
  );
  connection.closeSync();
  instance.closeSync();
});
