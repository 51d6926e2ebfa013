import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import {
  columnTypes,
  type DatasetProps,
  type DatasetSpec,
  defineDataset,
  type EngineName,
} from "../../../dataset";
import { fieldsOf } from "../../../job/warehouse/bigquery-load";
import { describeUnless } from "../../support/unless";
import { specifications } from "../../support/specifications";
import { cleanUp, duckdb, ingest, newFolder } from "../integration/support";
import { nearlyValues } from "../values";
import { type Cloud, missingCloud, startCloud } from "./support";

jest.setTimeout(240_000);

const engines = ["duckdb", "bigquery"] as const satisfies readonly EngineName[];

/** A column of each type, and a number for the order. */
const columns: DatasetProps["columns"] = [
  { name: "n", type: "INTEGER", mode: "REQUIRED", description: "Number of the line." },
  ...columnTypes.map((type) => ({ name: `a_${type}`, type, description: "A value." })),
  { name: "absent", type: "NUMERIC", optional: true, description: "Not in the file." },
];
const header = ["n", ...columnTypes.map((type) => `a_${type}`)];

function specOf(engine: EngineName, id: string, more: Partial<DatasetProps> = {}): DatasetSpec {
  return defineDataset({
    id: `${id}_${engine}`,
    description: "Values of all types.",
    source: { url: "https://example.com/{period}.csv", format: "csv" },
    grain: "month",
    firstPeriod: "2024-01",
    columns,
    badRows: { action: "reject", limit: 1_000_000 },
    shrink: { action: "allow" },
    engine,
    ...more,
  });
}

describeUnless(missingCloud())("the engines", () => {
  let cloud: Cloud;
  let folder: string;

  beforeAll(async () => {
    cloud = await startCloud("dev");
    folder = newFolder();
  });
  afterAll(cleanUp);
  afterEach(() => {
    expect(cloud.fronts.bigquery.untranslatable).toEqual([]);
  });

  /** Ingests a file with both engines, into tables and a database of their own. */
  async function both(id: string, text: string, more: Partial<DatasetProps> = {}) {
    const file = join(folder, `${id}.csv`);
    writeFileSync(file, text);
    const found = [];
    for (const engine of engines) {
      const spec = specOf(engine, id, more);
      await cloud.bigquery.dataset(cloud.dataset).createTable(spec.id, {
        schema: { fields: fieldsOf(spec) },
        timePartitioning: { type: "MONTH", field: "_period" },
      });
      const args = ["--period", "2024-01", "--source", file];
      found.push({ spec, outcome: await cloud.run(spec.id, args, specifications(spec)) });
    }
    return found;
  }

  async function downloaded(path: string): Promise<string> {
    const file = join(folder, path.replaceAll("/", "_"));
    await cloud.storage.bucket(cloud.bucket).file(path).download({ destination: file });
    return file;
  }

  /** All values of the period in the lake as text, the types of the columns, and the rejects. */
  async function lakeOf({ id }: DatasetSpec) {
    const parquet = await downloaded(`raw/${id}/year=2024/month=01/${id}_2024-01.parquet`);
    const from = `read_parquet('${parquet}', hive_partitioning = false)`;
    const types = await duckdb(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ${from})`);
    const names = types.map((row) => `CAST("${String(row["column_name"])}" AS VARCHAR)`);
    const rows = await duckdb(`SELECT ${names.join(", ")} FROM ${from} ORDER BY n`);
    const [rejects] = await cloud.lake(`rejects/${id}/`);
    return {
      types,
      rows,
      rejects: rejects === undefined ? "" : readFileSync(await downloaded(rejects), "utf8"),
    };
  }

  const tableOf = ({ id }: DatasetSpec) =>
    cloud.warehouse(`SELECT TO_JSON_STRING(t) AS row FROM {${id}} AS t ORDER BY n`);
  const inDatabase = ({ id }: DatasetSpec) => cloud.database(`SELECT t::text FROM raw.${id} t ORDER BY n`);

  test("have the same values, rejects and counts for valid and almost valid texts of all types", async () => {
    const lines = columnTypes.flatMap((type, index) =>
      fc.sample(nearlyValues(type), { numRuns: 400, seed: 20_260_101 + index }).map((value) => {
        const quoted = /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
        return columnTypes.map((_, at) => (at === index ? quoted : "")).join(",");
      }),
    );
    const text = [header.join(","), ...lines.map((line, index) => `${index},${line}`), ""].join("\n");
    const [mine, theirs] = await both("fuzzed", text);
    if (mine === undefined || theirs === undefined) throw new Error("an engine is missing");
    expect(theirs.outcome).toMatchObject({ code: 0, stderr: "" });
    expect(mine.outcome).toMatchObject({ code: 0, stderr: "" });
    const [expected, found] = [await lakeOf(mine.spec), await lakeOf(theirs.spec)];
    expect(expected.rows.length).toBeGreaterThan(1_200);
    expect(expected.rejects.split("\n").length).toBeGreaterThan(300);
    expect(found).toEqual(expected);
    const counts = (outcome: typeof mine.outcome) => {
      const [period] = outcome.summary.periods;
      return { rows: period?.rows, rejects: period?.rejects, source: period?.source };
    };
    expect(counts(theirs.outcome)).toEqual(counts(mine.outcome));
    expect(await tableOf(theirs.spec)).toEqual(await tableOf(mine.spec));
    expect(await inDatabase(theirs.spec)).toEqual(await inDatabase(mine.spec));
  });

  test("read quotes, line breaks, ragged lines, control characters and the texts of NULL in the same way", async () => {
    const strings: DatasetProps["columns"] = ["n", "a", "b", "c"].map((name, index) => ({
      name,
      type: index === 0 ? "INTEGER" : "STRING",
      description: "x",
    }));
    const text = [
      "\uFEFFn;a;b;c",
      "1;'it''s';'two\nlines';'x;y'",
      "2;5' pipe;;NA",
      "3;'';'NA'; spaces ",
      "4;\u0001\u001f\t;'\uFEFFbom';\\N",
      "5;too few",
      "6;too;many;fields;here",
      "7;'text'after;b;c",
      "8;'crlf\r\ninside';ä𝄞;\"double\"",
      "",
      "x;not a number;b;c",
      "9;last;line;without a break",
    ].join("\r\n");
    const source = {
      url: "https://example.com/{period}.csv",
      format: "csv",
      delimiter: ";",
      quote: "'",
      nullValues: ["NA"],
    } as const;
    const [mine, theirs] = await both("dialect", text, { columns: strings, source });
    if (mine === undefined || theirs === undefined) throw new Error("an engine is missing");
    expect(theirs.outcome).toMatchObject({ code: 0, stderr: "" });
    const [expected, found] = [await lakeOf(mine.spec), await lakeOf(theirs.spec)];
    expect(found).toEqual(expected);
    expect(found.rows).toHaveLength(6);
    expect(found.rejects.trim().split("\n")).toHaveLength(4);
  });

  test("the source is in the lake as it is; a second run writes nothing; a changed source is replaced", async () => {
    const spec = specOf("bigquery", "again");
    await cloud.bigquery.dataset(cloud.dataset).createTable(spec.id, {
      schema: { fields: fieldsOf(spec) },
      timePartitioning: { type: "MONTH", field: "_period" },
    });
    const file = join(folder, "again.csv.gz");
    const write = (...numbers: readonly number[]) => {
      const lines = numbers.map((number) => `${number}${",".repeat(columnTypes.length)}`);
      writeFileSync(file, gzipSync([header.join(","), ...lines, ""].join("\n")));
    };
    const run = () => cloud.run(spec.id, ["--period", "2024-01", "--source", file], specifications(spec));
    write(1, 2, 3);
    expect(await run()).toMatchObject({ code: 0, stderr: "", summary: { periods: [{ changed: true }] } });
    const [copy] = (await cloud.lake(`staged/${spec.id}/`)).filter((path) => path.endsWith("source.csv.gz"));
    expect(readFileSync(await downloaded(copy ?? ""))).toEqual(readFileSync(file));

    const asked = cloud.fronts.storage.asked.length;
    expect(await run()).toMatchObject({ code: 0, summary: { periods: [{ changed: false }] } });
    expect(cloud.fronts.storage.asked.slice(asked).filter(({ method }) => method !== "GET")).toEqual([]);

    write(1, 4);
    expect(await run()).toMatchObject({ code: 0, stderr: "", summary: { periods: [{ changed: true }] } });
    expect((await lakeOf(spec)).rows).toHaveLength(2);
    expect(await cloud.warehouse(`SELECT n FROM {${spec.id}} ORDER BY n`)).toEqual([{ n: 1 }, { n: 4 }]);
    // What BigQuery has read and written is removed; the copy of the source expires.
    expect(
      (await cloud.lake(`staged/${spec.id}/`)).filter((path) => !path.endsWith("source.csv.gz")),
    ).toEqual([]);
  });

  test("a text that BigQuery reads otherwise stops the run before anything is published", async () => {
    const spec = specOf("bigquery", "other");
    await cloud.bigquery.dataset(cloud.dataset).createTable(spec.id, {
      schema: { fields: fieldsOf(spec) },
      timePartitioning: { type: "MONTH", field: "_period" },
    });
    const file = join(folder, "other.csv");
    writeFileSync(file, `${header.join(",")}\n1${",".repeat(columnTypes.length)}\n`);
    cloud.fronts.bigquery.holdNext(
      ({ method, body }) => method === "POST" && body.toString().includes("COUNTIF"),
      async () => {
        const [tables] = await cloud.bigquery.dataset("dev_temporary").getTables();
        const name = tables.map(({ id }) => id ?? "").find((id) => /_other_.*_texts$/.test(id)) ?? "";
        await cloud.bigquery.query(`UPDATE \`dev_temporary.${name}\` SET a_DATE = '2024-02-30' WHERE true`);
      },
    );
    const done = await cloud.run(spec.id, ["--period", "2024-01", "--source", file], specifications(spec));
    expect(done).toMatchObject({ code: 3 });
    expect(done.stderr).toContain("1 values of column a_DATE: is not a valid DATE; nothing was published");
    expect(await cloud.lake(`raw/${spec.id}/`)).toEqual([]);
  });
});

test("on a laptop, duckdb converts, and the run says so", async () => {
  const spec = specOf("bigquery", "local");
  const [home, folder] = [newFolder(), newFolder()];
  const file = join(folder, "local.csv");
  writeFileSync(file, `${header.join(",")}\n1${",".repeat(columnTypes.length)}\n`);
  const args = [
    "--dataset",
    spec.id,
    "--home",
    home,
    "--period",
    "2024-01",
    "--source",
    file,
    "--no-database",
  ];
  const done = await ingest(args, specifications(spec));
  expect(done).toMatchObject({ code: 0, summary: { periods: [{ rows: { warehouse: 1 } }] } });
  expect(done.stdout + done.stderr).toContain("there is no BigQuery here; duckdb converts");
});
