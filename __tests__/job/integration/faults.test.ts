import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { yellow } from "../../fixtures/catalog";
import { startEmbeddedPostgres } from "../../../embedded-postgres";
import {
  cleanUp,
  duckdb,
  filesIn,
  ingest,
  newFolder,
  newHome,
  onCleanUp,
  postgres,
  warehouse,
} from "./support";
import { specifications } from "../../support/specifications";
import { csv, header, rows, withField } from "./yellow";

const period = "2019-01";
const good = rows(period, 30);
const strict = specifications({ ...yellow, badRows: { action: "fail" } });
const short = (good[0] ?? "").split(",").slice(0, 9).join(",");
const bad = withField(good[15] ?? "", "tpep_pickup_datetime", "2019-13-01 08:00:00");

afterEach(cleanUp);

/** Faults of a source: its content, and how the run must end. */
interface Fault {
  readonly name: string;
  readonly file?: "csv" | "csv.gz";
  readonly content: () => Buffer | string;
  readonly code: 1 | 3 | 4;
  readonly message: RegExp;
  readonly env?: Readonly<Record<string, string>>;
}

const faults: readonly Fault[] = [
  {
    name: "not gzip",
    file: "csv.gz",
    content: () => "<html><body>Access denied</body></html>",
    code: 3,
    message: /is not a valid gzip file: it starts with "<html>/,
  },
  {
    name: "truncated gzip",
    file: "csv.gz",
    content: () => gzipSync(csv(rows(period, 2_000))).subarray(0, 20_000),
    code: 3,
    message: /is truncated: its compressed content ends in line \d{2,}/,
  },
  {
    name: "gzip with a wrong checksum",
    file: "csv.gz",
    content: () => {
      const bytes = gzipSync(csv(good));
      bytes.writeUInt8(bytes.readUInt8(bytes.length - 6) ^ 1, bytes.length - 6);
      return bytes;
    },
    code: 3,
    message: /is damaged: .* after line \d+ .*incorrect data check/,
  },
  {
    name: "truncated inside quotes",
    content: () => `${csv(good)}1,2019-01-01 00:00:00,2019-01-01 00:00:00,1,1,1,"N\nand so`,
    code: 3,
    message: /is truncated: it ends in line 33, inside a quoted field/,
  },
  { name: "an empty file", content: () => "", code: 3, message: /is empty: it has no header/ },
  {
    name: "no header",
    content: () => good.join("\n"),
    code: 4,
    message: /line 1: the header does not match the specification: .*column VendorID is missing/,
  },
  {
    name: "an unknown column",
    content: () => [`${header},surprise`, ...good.map((line) => `${line},1`)].join("\n"),
    code: 4,
    message: /line 1: .*field 19 "surprise" is not in the specification.*aliases/,
  },
  {
    name: "a duplicate column",
    content: () => csv(good).replace("VendorID", "DOLocationID"),
    code: 4,
    message: /line 1: .*field 9 "DOLocationID" is a duplicate.*column VendorID is missing/,
  },
  {
    name: "a bad date in line 17",
    content: () => csv([...good.slice(0, 15), bad, ...good.slice(16)]),
    env: strict,
    code: 4,
    message:
      /line 17: column tpep_pickup_datetime: "2019-13-01 08:00:00" is not a valid DATETIME: .*allows none/,
  },
  {
    name: "more bad rows than the specification allows",
    content: () => csv([...good.slice(0, 15), bad, bad, bad, ...good.slice(16)]),
    env: specifications({ ...yellow, badRows: { action: "reject", limit: 2 } }),
    code: 4,
    message: /line 17: .*3 rows do not match.*allows 2/,
  },
  {
    name: "an invalid integer in line 5",
    content: () =>
      csv([...good.slice(0, 3), withField(good[3] ?? "", "payment_type", "1.5"), ...good.slice(4)]),
    env: strict,
    code: 4,
    message: /line 5: column payment_type: "1.5" is not a valid INTEGER/,
  },
  {
    name: "too few fields in line 9",
    content: () => csv([...good.slice(0, 7), short, ...good.slice(8)]),
    env: strict,
    code: 4,
    message: /line 9: the line has fewer than 18 fields/,
  },
  {
    name: "too many fields in line 10",
    content: () => csv([...good.slice(0, 8), `${good[8] ?? ""},7`, ...good.slice(9)]),
    env: strict,
    code: 4,
    message: /line 10: the line has more than 18 fields/,
  },
];

describe("ingest run of a source with a fault writes nothing and keeps the previous version", () => {
  let older: string;
  beforeAll(async () => {
    older = mkdtempSync(join(tmpdir(), "tributary-job-"));
    writeFileSync(join(older, "2019-01.csv"), csv(good.slice(0, 20)));
    const args = ["--dataset", "yellow_tripdata", "--period", period, "--home", join(older, "home")];
    await ingest([...args, "--source", join(older, "{period}.csv"), "--no-database"]);
  });
  afterAll(() => {
    rmSync(older, { recursive: true });
  });

  test.each(faults)("$name", async ({ file = "csv", content, code, message, env = {} }) => {
    const [folder, home] = [newFolder(), newFolder()];
    cpSync(join(older, "home"), home, { recursive: true });
    const before = filesIn(home);
    expect(Object.keys(before).filter((path) => path.endsWith("_SUCCESS"))).toHaveLength(1);
    const name = `yellow_tripdata_${period}.${file}`;
    writeFileSync(join(folder, name), content());
    const failed = await ingest(
      [
        ...["--dataset", "yellow_tripdata", "--period", period, "--home", home, "--no-database"],
        ...["--source", join(folder, `yellow_tripdata_{period}.${file}`)],
      ],
      env,
    );
    expect(failed).toMatchObject({ code, summary: { dataset: "yellow_tripdata", periods: [] } });
    expect(failed.stderr).toMatch(new RegExp(`^yellow_tripdata ${period}: ${name}`));
    expect(failed.stderr).toMatch(message);
    expect(failed.summary.error).toMatchObject({ exitCode: code, message: failed.stderr.trimEnd() });
    expect(filesIn(home)).toEqual(before);
  });
});

test("ingest run of a source with a fault writes nothing to an empty home", async () => {
  const [folder, home] = [newFolder(), newFolder()];
  const file = join(folder, `${period}.csv`);
  writeFileSync(file, csv([...good, withField(good[0] ?? "", "VendorID", "one")]));
  const args = ["--dataset", "yellow_tripdata", "--period", period, "--home", home, "--no-database"];
  const run = () => ingest([...args, "--source", join(folder, "{period}.csv")], strict);
  expect(await run()).toMatchObject({ code: 4, summary: { error: { kind: "drift" } } });
  expect(Object.keys(filesIn(home))).toEqual(["warehouse.duckdb"]);
  expect(await warehouse(home, "SELECT table_name FROM duckdb_tables()")).toEqual([]);
  writeFileSync(file, csv(good));
  expect(await run()).toMatchObject({ code: 0, summary: { periods: [{ rows: { warehouse: 30 } }] } });
});

describe("ingest run stores rejected lines with line, column, reason and text, in a file with", () => {
  // The lines of the file; those with a column (null for the whole line) are rejected.
  const line = good[0] ?? "";
  const set = (column: string, text: string) => withField(line, column, text);
  const broken = withField(set("store_and_fwd_flag", '"x\r\ny\nz"'), "VendorID", "1.5");
  const entries: readonly (
    { text: string; column?: undefined } | { text: string; column: string | null; reason: RegExp }
  )[] = [
    { text: line },
    { text: set("payment_type", "1.5"), column: "payment_type", reason: /^"1\.5" is not a valid INTEGER/ },
    { text: set("payment_type", "1.0") },
    { text: set("payment_type", "+2") },
    { text: set("payment_type", ".0") },
    { text: set("payment_type", " 3 ") },
    { text: set("VendorID", "two"), column: "VendorID", reason: /^"two" is not a valid INTEGER/ },
    { text: set("store_and_fwd_flag", '"a\nb, ""c"""') },
    { text: set("store_and_fwd_flag", "N\0"), column: "store_and_fwd_flag", reason: /NUL character/ },
    { text: set("tpep_pickup_datetime", ""), column: "tpep_pickup_datetime", reason: /is missing.*REQUIRED/ },
    {
      text: set("RatecodeID", "9223372036854775808"),
      column: "RatecodeID",
      reason: /is not a valid INTEGER: a 64-bit integer/,
    },
    { text: set("RatecodeID", "-9223372036854775808") },
    { text: set("RatecodeID", "1e2"), column: "RatecodeID", reason: /is not a valid INTEGER/ },
    { text: "" },
    { text: set("fare_amount", "$5"), column: "fare_amount", reason: /^"\$5" is not a valid FLOAT/ },
    {
      text: set("tpep_dropoff_datetime", "soon"),
      column: "tpep_dropoff_datetime",
      reason: /^"soon" is not a valid DATETIME/,
    },
    { text: short, column: null, reason: /^has fewer than 18 fields/ },
    { text: `${line},1`, column: null, reason: /^has more than 18 fields/ },
    { text: broken, column: "VendorID", reason: /^"1\.5" is not a valid INTEGER/ },
    { text: "" },
    { text: "" },
    { text: set("passenger_count", "\u00a05"), column: "passenger_count", reason: /is not a valid INTEGER/ },
    { text: line },
  ];

  test.each([
    { name: "LF", ends: ["\n"], gzip: false },
    { name: "CRLF", ends: ["\r\n"], gzip: false },
    { name: "CRLF, compressed", ends: ["\r\n"], gzip: true },
    { name: "alternating LF and CRLF", ends: ["\n", "\r\n"], gzip: true },
    { name: "a byte order mark", ends: ["\n"], gzip: false, mark: "\uFEFF" },
  ])("$name", async ({ ends, gzip, mark = "" }) => {
    const [folder, home] = [newFolder(), newFolder()];
    let text = `${mark}${header}${ends[0] ?? ""}`;
    let at = 2;
    const expected = [];
    for (const [index, entry] of entries.entries()) {
      if (entry.column !== undefined) expected.push({ line: at, ...entry });
      text += entry.text + (ends[index % ends.length] ?? "");
      at += entry.text.split("\n").length;
    }
    writeFileSync(join(folder, gzip ? "2019-01.csv.gz" : "2019-01.csv"), gzip ? gzipSync(text) : text);
    const outcome = await ingest([
      ...["--dataset", "yellow_tripdata", "--period", period, "--home", home, "--no-database"],
      ...["--source", join(folder, gzip ? "{period}.csv.gz" : "{period}.csv")],
    ]);
    expect(outcome.stderr).toBe("");
    expect(outcome.code).toBe(0);
    const read = entries.filter((entry) => entry.text !== "").length;
    expect(outcome.summary.periods[0]?.rows).toMatchObject({
      read,
      rejected: expected.length,
      warehouse: read - expected.length,
    });

    const rejects: unknown[] = readFileSync(
      join(home, "lake/rejects/yellow_tripdata/year=2019/month=01/yellow_tripdata_2019-01.jsonl"),
      "utf8",
    )
      .trimEnd()
      .split("\n")
      .map((json): unknown => JSON.parse(json));
    expect(rejects).toEqual(
      expected.map(({ line, column, text, reason }): unknown => ({
        line,
        column,
        reason: expect.stringMatching(reason) as unknown,
        raw: text,
      })),
    );
    const [kept] = await duckdb(
      `SELECT list_sort(list(payment_type)) AS payments, max(store_and_fwd_flag) AS text, min(RatecodeID) AS least
       FROM '${home}/lake/raw/yellow_tripdata/**/*.parquet'`,
    );
    const ones = Array.from({ length: 4 }, () => "1");
    expect(kept).toMatchObject({ text: 'a\nb, "c"', least: "-9223372036854775808" });
    expect(kept?.["payments"]).toEqual(expect.arrayContaining(["0", ...ones, "2", "3"]));
  });
});

describe("ingest run of a missing source", () => {
  test("fails for a missing file or a folder", async () => {
    const [folder, home] = [newFolder(), newFolder()];
    mkdirSync(join(folder, "2019-01.csv"));
    const args = ["--dataset", "yellow_tripdata", "--period", period, "--home", home, "--no-database"];
    const missing = await ingest([...args, "--source", join(folder, "{period}.csv.gz")]);
    expect(missing).toMatchObject({ code: 1, summary: { error: { kind: "permanent" } } });
    expect(missing.stderr).toBe(`yellow_tripdata 2019-01: ${folder}/2019-01.csv.gz does not exist\n`);
    const wrong = await ingest([...args, "--source", join(folder, "{period}.csv")]);
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toMatch(/^yellow_tripdata 2019-01: .*2019-01\.csv is not a file/);
    expect(Object.keys(filesIn(home))).toEqual(["warehouse.duckdb"]);
  });

  test("completes the periods before it, and does not start those after it", async () => {
    const [folder, home] = [newFolder(), newFolder()];
    writeFileSync(join(folder, "2019-01.csv"), csv(rows("2019-01", 10)));
    writeFileSync(join(folder, "2019-03.csv"), csv(rows("2019-03", 10)));
    const args = ["--dataset", "yellow_tripdata", "--from", "2019-01", "--to", "2019-03", "--home", home];
    const run = () => ingest([...args, "--no-database", "--source", join(folder, "{period}.csv")]);
    const failed = await run();
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/^yellow_tripdata 2019-02: \S+ does not exist/);
    expect(failed.summary.periods.map(({ period }) => period)).toEqual(["2019-01"]);
    expect(Object.keys(filesIn(home)).filter((name) => name.endsWith("_SUCCESS"))).toHaveLength(1);
    writeFileSync(join(folder, "2019-02.csv"), csv(rows("2019-02", 10)));
    const fixed = await run();
    expect(fixed.summary.periods.map(({ period, changed }) => [period, changed])).toEqual([
      ["2019-01", false],
      ["2019-02", true],
      ["2019-03", true],
    ]);
  });
});

test("ingest run rejects periods and data sets that do not exist", async () => {
  const yellows = ["--dataset", "yellow_tripdata"];
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [
      [...yellows, "--period", "2018-12"],
      /^yellow_tripdata: period 2018-12 is out of range: .*the first period is 2019-01/,
    ],
    [
      [...yellows, "--period", "2999-01"],
      /^yellow_tripdata: period 2999-01 is out of range: it has not started/,
    ],
    [[...yellows, "--period", "2019-13"], /^yellow_tripdata: period "2019-13" is not a valid month/],
    [[...yellows, "--period", "january"], /^yellow_tripdata: period "january" is not a valid month/],
    [[...yellows, "--from", "2019-03", "--to", "2019-01"], /^yellow_tripdata: .*ends before it starts/],
    [yellows, /^yellow_tripdata: specify the periods/],
    [["--dataset", "taxi_zones", "--period", "2019-01"], /^taxi_zones: .*its only period is "once"/],
    [
      ["--dataset", "orange_tripdata", "--period", "2019-01"],
      /"orange_tripdata" does not exist in .*; available: .*yellow_tripdata/,
    ],
  ];
  const home = join(newFolder(), "home");
  const outcomes = await Promise.all(
    cases.map(async ([args, message]) => ({ args, message, ...(await ingest([...args, "--home", home])) })),
  );
  for (const { args, message, code, stderr, stdout } of outcomes) {
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
    expect(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "")).toMatchObject({
      dataset: args[1],
      periods: [],
      error: { kind: "permanent", exitCode: 1 },
    });
  }
  expect(existsSync(home)).toBe(false);
});

test("ingest run rejects a period after the last one, and an unknown option", async () => {
  const home = join(newFolder(), "home");
  const ended = specifications(Object.assign({ ...yellow }, { lastPeriod: "2019-02" }));
  const late = await ingest(["--dataset", "yellow_tripdata", "--period", "2019-03", "--home", home], ended);
  expect(late.code).toBe(1);
  expect(late.stderr).toMatch(/^yellow_tripdata: period 2019-03 is out of range: the last period is 2019-02/);
  const unknown = await ingest(["--period", "2019-03", "--home", home, "--perod", "2019-04"], ended);
  expect(unknown.code).toBe(1);
  expect(unknown.stderr).toMatch(/unknown option '--perod'.*--period/s);
  expect(existsSync(home)).toBe(false);
});

describe("ingest run --database", () => {
  const source = () => {
    const folder = newFolder();
    writeFileSync(join(folder, "2019-01.csv"), csv(good));
    return join(folder, "{period}.csv");
  };

  test("exits with code 2 if the server refuses the connection", async () => {
    const home = newFolder();
    const probe = createServer();
    await new Promise<void>((listening) => probe.listen(0, "127.0.0.1", listening));
    const address = probe.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await new Promise((closed) => probe.close(closed));
    const { code, stderr, summary } = await ingest([
      ...["--dataset", "yellow_tripdata", "--period", period, "--home", home, "--source", source()],
      ...["--database", `postgres://loader:s3cret@127.0.0.1:${port}/trips`],
    ]);
    expect(code).toBe(2);
    expect(summary.error?.kind).toBe("retryable");
    expect(stderr).toContain(`postgres://loader@127.0.0.1:${port}/trips cannot be reached`);
    expect(stderr).toMatch(/^yellow_tripdata 2019-01: .*ECONNREFUSED/);
    expect(stderr).not.toContain("s3cret");
    expect(Object.keys(filesIn(home))).toEqual(["warehouse.duckdb"]);
  });

  test("exits with code 1 for a wrong password, and succeeds with the correct one", async () => {
    const home = newFolder();
    const server = await startEmbeddedPostgres(join(newHome(), "postgres"));
    onCleanUp(() => server.stop());
    const { password } = new URL(server.url);
    const args = ["--dataset", "yellow_tripdata", "--period", period, "--home", home, "--source", source()];
    const { code, stderr, stdout } = await ingest([
      ...args,
      "--database",
      server.url.replace(password, "s3cret"),
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^yellow_tripdata 2019-01: .*password authentication failed.*check the user/);
    expect(stderr + stdout).not.toContain("s3cret");
    expect(Object.keys(filesIn(home))).toEqual(["warehouse.duckdb"]);
    const right = await ingest([...args, "--database", server.url]);
    expect(right).toMatchObject({ code: 0, summary: { periods: [{ rows: { database: 30 } }] } });
    expect(right.stdout).not.toContain(password);
    expect(await postgres(server.url, "SELECT count(*)::int AS n FROM raw.yellow_tripdata")).toEqual([
      { n: 30 },
    ]);
  });

  test("exits with code 1 if the database denies what the run reads while the lake is written", async () => {
    const server = await startEmbeddedPostgres(join(newHome(), "postgres"));
    onCleanUp(() => server.stop());
    const folder = newFolder();
    writeFileSync(join(folder, "2019-01.csv"), csv(rows(period, 20_000)));
    const args = (database: string) => [
      ...["--dataset", "yellow_tripdata", "--period", period, "--source", join(folder, "{period}.csv")],
      ...["--home", newFolder(), "--database", database],
    ];
    await ingest(args(server.url));
    for (const statement of [
      "CREATE ROLE loader LOGIN PASSWORD 's3cret'",
      "GRANT CREATE ON DATABASE postgres TO loader",
      "GRANT USAGE, CREATE ON SCHEMA raw, raw_partitions, tributary TO loader",
    ])
      await postgres(server.url, statement);
    const url = new URL(server.url);
    [url.username, url.password] = ["loader", "s3cret"];
    const { code, stderr } = await ingest(args(url.href));
    expect(stderr).toMatch(/^yellow_tripdata 2019-01: .*permission denied for table ledger; check the user/);
    expect(stderr.split("\n")).toHaveLength(2);
    expect(code).toBe(1);
  });
});
