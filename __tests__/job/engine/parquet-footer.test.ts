import { closeSync, fstatSync, openSync, readFileSync, readSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { footerLength, footerRows, joinedFooter, trailerBytes } from "../../../job/engine/parquet-footer";
import { readThrift, type Thrift, type ThriftStruct, writeThrift } from "../../../job/engine/thrift";
import { cleanUp, newFolder } from "../integration/support";

afterAll(cleanUp);

const columns = [
  { name: "id", type: "INTEGER" },
  { name: "text", type: "STRING" },
  { name: "local", type: "DATETIME" },
  { name: "instant", type: "TIMESTAMP" },
  { name: "amount", type: "NUMERIC" },
] as const;

async function rowsOf(sql: string): Promise<unknown[]> {
  const connection = await (await DuckDBInstance.create()).connect();
  await connection.run("SET TimeZone = 'UTC'");
  return (await connection.runAndReadAll(sql)).getRowObjectsJson();
}

function part(path: string) {
  const handle = openSync(path, "r");
  const { size } = fstatSync(handle);
  const trailer = Buffer.alloc(trailerBytes);
  readSync(handle, trailer, 0, trailerBytes, size - trailerBytes);
  const footer = Buffer.alloc(footerLength(trailer));
  readSync(handle, footer, 0, footer.length, size - trailerBytes - footer.length);
  closeSync(handle);
  return { bytes: size, footer };
}

test("files that follow each other, and a footer, are one Parquet file with the rows of all", async () => {
  const folder = newFolder();
  // Both kinds of times are marked in the wrong way, as another writer may do; the second file is empty.
  const counts = [25_000, 0, 3];
  const files = counts.map((_, index) => join(folder, `${index}.parquet`));
  for (const [index, count] of counts.entries())
    await rowsOf(
      `COPY (SELECT ${index} * 100000 + i AS id, CASE WHEN i % 3 = 0 THEN NULL ELSE repeat('ä', i % 50) END AS text,
         TIMESTAMPTZ '2020-01-01 00:00:00Z' + to_microseconds(i) AS local,
         TIMESTAMP '0001-01-01' + to_microseconds(i) AS instant, CAST(i AS DECIMAL(38,9)) / 7 AS amount
       FROM range(${count}) t(i)) TO '${files[index] ?? ""}' (FORMAT parquet, ROW_GROUP_SIZE 10000, COMPRESSION zstd)`,
    );
  const parts = files.map(part);
  expect(parts.map(({ footer }) => footerRows(footer))).toEqual(counts);
  const whole = join(folder, "whole.parquet");
  const tail = joinedFooter(parts, columns, { "tributary.dataset": "x", "tributary.period": "2020-01" });
  writeFileSync(whole, Buffer.concat([...files.map((file) => readFileSync(file)), tail]));

  expect(
    await rowsOf(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet('${whole}'))`),
  ).toEqual([
    { column_name: "id", column_type: "BIGINT" },
    { column_name: "text", column_type: "VARCHAR" },
    { column_name: "local", column_type: "TIMESTAMP" },
    { column_name: "instant", column_type: "TIMESTAMP WITH TIME ZONE" },
    { column_name: "amount", column_type: expect.stringMatching("DECIMAL|DOUBLE") as string },
  ]);
  const all = (from: string) =>
    `SELECT count(*) AS n, sum(id) AS ids, sum(hash(text)) AS texts, max(epoch_us(local)) AS l,
       sum(epoch_us(instant)) AS i, sum(amount) AS a FROM read_parquet(${from})`;
  expect(await rowsOf(all(`'${whole}'`))).toEqual(
    await rowsOf(all(`[${files.map((file) => `'${file}'`).join(", ")}]`)),
  );
  expect(
    await rowsOf(
      `SELECT decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata('${whole}') ORDER BY 1`,
    ),
  ).toEqual([
    { key: "tributary.dataset", value: "x" },
    { key: "tributary.period", value: "2020-01" },
  ]);
});

test("any struct is read as it was written", () => {
  const { value } = fc.letrec<{ value: Thrift; struct: ThriftStruct }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.boolean().map((value) => ({ kind: "boolean" as const, value })),
      fc
        .tuple(fc.constantFrom(4, 5, 6), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))
        .map(([type, value]) => ({ kind: "integer" as const, type: type as 4 | 5 | 6, value })),
      fc
        .uint8Array({ maxLength: 200 })
        .map((bytes) => ({ kind: "binary" as const, bytes: Buffer.from(bytes) })),
      fc
        .array(tie("struct"), { maxLength: 20 })
        .map((items) => ({ kind: "list" as const, type: 9 as const, element: 12, items })),
      tie("struct"),
    ),
    struct: fc
      .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 300 }), tie("value")), {
        selector: ([field]) => field,
        maxLength: 5,
      })
      .map((entries) => ({
        kind: "struct" as const,
        fields: new Map(entries.sort(([one], [other]) => one - other)),
      })),
  }));
  fc.assert(
    fc.property(value, (inner) => {
      const struct: ThriftStruct = { kind: "struct", fields: new Map([[7, inner]]) };
      expect(readThrift(writeThrift(struct))).toEqual(struct);
    }),
    { numRuns: 200 },
  );
});
