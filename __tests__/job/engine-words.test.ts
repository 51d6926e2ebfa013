/** Translations of real errors: recorded messages, and errors caused by the test. */
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { gunzipSync, gzipSync, inflateSync } from "node:zlib";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { DatabaseError } from "pg";
import { ConfigurationError } from "../../errors/faults";
import { asFailure, Failure } from "../../job/failure";
import { cleanUp, newFolder } from "./source/support";

afterAll(cleanUp);

const thrown = async (attempt: () => unknown): Promise<unknown> => {
  try {
    await attempt();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
};

/** The message is one readable sentence. */
function expectReadable({ message }: Failure): void {
  expect(message.length).toBeLessThanOrEqual(500);
  expect(message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(message).not.toMatch(/ Error: |LINE 1|Possible (fixes|solution)|SET memory|scratch/);
}

describe("DuckDB", () => {
  let connection: DuckDBConnection;
  let folder: string;
  let count = 0;
  beforeAll(async () => {
    folder = newFolder();
    connection = await (
      await DuckDBInstance.create(":memory:", { memory_limit: "100MB", threads: "1" })
    ).connect();
    for (const codec of ["zstd", "snappy", "gzip"])
      await connection.run(
        `COPY (SELECT i AS id, 'y' || i AS v FROM range(2000) t(i)) TO '${folder}/${codec}.parquet' (FORMAT parquet, COMPRESSION ${codec})`,
      );
  });

  /** A Parquet file with changed bytes. */
  const spoiled = (source: string, change: (bytes: Buffer) => Buffer) => {
    // DuckDB caches a file by its name and modification time in seconds.
    const file = join(folder, `spoiled-${(count += 1)}.parquet`);
    writeFileSync(file, change(Buffer.from(readFileSync(join(folder, `${source}.parquet`)))));
    return () => connection.run(`SELECT sum(id), max(v) FROM read_parquet('${file}')`);
  };
  const flipped = (from: number, to: number) => (bytes: Buffer) => {
    for (let at = from; at < to; at += 1) bytes.writeUInt8(bytes.readUInt8(at) ^ 0xff, at);
    return bytes;
  };

  test.each<[string, () => () => unknown, RegExp]>([
    ["truncated", () => spoiled("zstd", (bytes) => bytes.subarray(0, -20)), /no valid Parquet footer/],
    ["of eight bytes", () => spoiled("zstd", () => Buffer.from("PAR1PAR1")), /no valid Parquet footer/],
    [
      "with a wrong footer length",
      () => spoiled("zstd", (bytes) => (bytes.writeUInt32LE(99_999_999, bytes.length - 8), bytes)),
      /no valid Parquet footer/,
    ],
    [
      "with a damaged footer",
      () => spoiled("zstd", (bytes) => flipped(bytes.length - 120, bytes.length - 90)(bytes)),
      /cannot be read/,
    ],
    ["with a page of zeros", () => spoiled("zstd", (bytes) => bytes.fill(0, 4, 40)), /cannot be read/],
    ["with a damaged zstd page", () => spoiled("zstd", flipped(30, 90)), /ZSTD Decompression failure/],
    ["with a damaged Snappy page", () => spoiled("snappy", flipped(30, 90)), /Snappy decompression failure/],
    ["with a damaged gzip page", () => spoiled("gzip", flipped(30, 90)), /GZIP/],
  ])("asFailure of a Parquet file %s is an integrity failure with its name", async (_, make, message) => {
    const failure = asFailure(await thrown(make()), "trips.parquet");
    expect(failure.kind).toBe("integrity");
    expect(failure.message).toMatch(/^trips\.parquet is damaged/);
    expect(failure.message).toMatch(message);
    expectReadable(failure);
  });

  const csv = (text: string | Buffer, more = "") => {
    const file = join(folder, `${(count += 1)}.csv`);
    writeFileSync(file, text);
    const columns = "columns = {'id': 'BIGINT', 'v': 'VARCHAR'}";
    return () =>
      connection.run(
        `SELECT * FROM read_csv('${file}', header = false, skip = 1, auto_detect = false, ${columns}, strict_mode = true ${more})`,
      );
  };

  test.each<[string, () => () => unknown, Failure["kind"], string]>([
    ["a carriage return", () => csv("id,v\n1,a\rb\n2,c\n"), "drift", "x.csv is not valid CSV (RFC 4180)"],
    [
      "not UTF-8",
      () => csv(Buffer.from("id,v\n1,\xe9\n", "latin1")),
      "drift",
      "x.csv line 2 is not valid UTF-8",
    ],
    ["a long line", () => csv(`id,v\n1,${"z".repeat(3e6)}\n`), "drift", "x.csv line 2 is longer than"],
    ["too few fields", () => csv("id,v\n1\n"), "drift", "x.csv line 2 has 1 fields, expected 2"],
    ["not a number", () => csv("id,v\nx,a\n"), "drift", 'x.csv line 2: column id: "x" is not a valid BIGINT'],
    [
      "an unclosed quote",
      () => csv('id,v\n1,"a\n'),
      "drift",
      "x.csv line 2 has a quoted field without a closing quote",
    ],
    [
      "not gzip",
      () => csv("id,v\n", ", compression = 'gzip'"),
      "integrity",
      "x.csv is not a valid gzip file",
    ],
    [
      "out of memory",
      () => () => connection.run("SELECT list(repeat('x', 1000) || i) FROM range(1000000) t(i)"),
      "permanent",
      "x.csv requires more memory than DuckDB's limit",
    ],
    [
      "a full disk",
      () => () =>
        connection.run("COPY (SELECT repeat('x', 100) FROM range(100000)) TO '/dev/full' (FORMAT csv)"),
      "retryable",
      "the disk is full: ",
    ],
    [
      "an invalid query",
      () => () => connection.run("SELECT nope"),
      "permanent",
      "x.csv: unexpected error in DuckDB: ",
    ],
  ])("asFailure of a CSV file or query: %s", async (_, make, kind, message) => {
    const failure = asFailure(await thrown(make()), "x.csv");
    expect(failure.kind).toBe(kind);
    expect(failure.message).toContain(message);
    expectReadable(failure);
  });

  test("asFailure of a file that is not a database", async () => {
    const file = join(folder, "warehouse.duckdb");
    writeFileSync(file, "hello ".repeat(9000));
    const failure = asFailure(await thrown(() => DuckDBInstance.create(file)));
    expect(failure).toMatchObject({ kind: "permanent" });
    expect(failure.message).toBe(`${file} is not a DuckDB database; rename it, or use another home`);
  });
});

test.each<[string, string, Failure["kind"], RegExp]>([
  [
    "a lock",
    'IO Error: Could not set lock on file "/h/warehouse.duckdb": Conflicting lock is held in /usr/bin/node (PID 7)',
    "retryable",
    /^\/h\/warehouse\.duckdb is in use/,
  ],
  [
    "a newer database",
    "IO Error: Trying to read a database file with version number 99, but we can only read versions between 64 and 67.",
    "permanent",
    /newer version/,
  ],
  [
    "a damaged database",
    "IO Error: Corrupt database file: computed checksum 1 does not match stored checksum 2 in block at location 4096",
    "integrity",
    /warehouse file is damaged/,
  ],
  ["an interruption", "INTERRUPT Error: Interrupted!", "retryable", /interrupted/],
  [
    "an internal error",
    "INTERNAL Error: Attempted to access index 5 within vector of size 5\nThis error signals an assertion failure",
    "permanent",
    /^x\.csv: internal error in DuckDB: Attempted to access index 5.*this is a bug: report it$/,
  ],
  [
    "encryption",
    "Invalid Input Error: File 'x' is encrypted, but 'encryption_config' was not set",
    "permanent",
    /encrypted/,
  ],
  [
    "two writers",
    "TransactionContext Error: Conflict on tuple deletion!",
    "retryable",
    /changed by another process/,
  ],
])("asFailure of a DuckDB error: %s", (_, message, kind, expected) => {
  const failure = asFailure(new Error(message), "x.csv");
  expect(failure.kind).toBe(kind);
  expect(failure.message).toMatch(expected);
  expectReadable(failure);
});

describe("zlib", () => {
  const bytes = gzipSync("id,v\n".repeat(100));
  test.each<[string, () => unknown, RegExp]>([
    ["truncated", () => gunzipSync(bytes.subarray(0, -4)), /^x\.csv\.gz is truncated/],
    ["another format", () => gunzipSync(Buffer.from("<html></html>")), /^x\.csv\.gz is damaged/],
    [
      "a wrong checksum",
      () => gunzipSync(Buffer.concat([bytes.subarray(0, -8), Buffer.alloc(8)])),
      /incorrect data check/,
    ],
    ["no zlib header", () => inflateSync(Buffer.from("zzzz")), /incorrect header check/],
  ])("asFailure of %s content is an integrity failure", async (_, attempt, message) => {
    const failure = asFailure(await thrown(attempt), "x.csv.gz");
    expect(failure.kind).toBe("integrity");
    expect(failure.message).toMatch(message);
    expectReadable(failure);
  });
});

test.each<[string, Failure["kind"]]>([
  ["08006", "retryable"],
  ["40P01", "retryable"],
  ["53100", "retryable"],
  ["57P01", "retryable"],
  ["28P01", "permanent"],
  ["42501", "permanent"],
  ["22003", "permanent"],
  ["54011", "permanent"],
  ["XX001", "integrity"],
])("asFailure of Postgres error %s is %s", (code, kind) => {
  const error = Object.assign(new DatabaseError("something it says", 1, "error"), {
    code,
    severity: "ERROR",
  });
  const failure = asFailure(error, "trips 2019-01");
  expect(failure.kind).toBe(kind);
  expect(failure.message).toContain("something it says");
});

describe("Node", () => {
  test("asFailure of a refused connection is retryable", async () => {
    const error = await new Promise((resolve) => request("http://127.0.0.1:9/").on("error", resolve).end());
    expect(asFailure(error, "http://127.0.0.1:9/")).toMatchObject({ kind: "retryable" });
  });

  test.each<[string, string, Failure["kind"], RegExp]>([
    [
      "ENOSPC",
      "ENOSPC: no space left on device, write",
      "retryable",
      /^the disk is full: .*free space and run again$/,
    ],
    ["EACCES", "EACCES: permission denied, open '/x'", "permanent", /^access denied: /],
    ["EMFILE", "EMFILE: too many open files, open '/x'", "retryable", /ulimit -n/],
    ["ENOTFOUND", "getaddrinfo ENOTFOUND nowhere.example", "retryable", /host name cannot be resolved/],
    [
      "CERT_HAS_EXPIRED",
      "certificate has expired",
      "permanent",
      /certificate is not trusted.*NODE_EXTRA_CA_CERTS/,
    ],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed certificate", "permanent", /NODE_EXTRA_CA_CERTS/],
    ["HPE_INVALID_CONSTANT", "Parse Error: Expected HTTP/", "retryable", /connection failed/],
    ["ERR_INVALID_URL", "Invalid URL", "permanent", /the address is not valid/],
  ])("asFailure of %s", (code, message, kind, expected) => {
    const failure = asFailure(Object.assign(new Error(message), { code }), "https://x/y.csv");
    expect(failure.kind).toBe(kind);
    expect(failure.message).toMatch(expected);
    expectReadable(failure);
  });
});

describe("the message of a Failure", () => {
  test("is one line without control characters, of at most 500 characters, including its end", () => {
    const { message } = new Failure(
      "drift",
      `a\u0000b\r\n  c\u200bd\u202ee${"x".repeat(1_000_000)} do this`,
    ).at("trips 2019-01");
    expect(message).toMatch(/^trips 2019-01: a\\u0000b c\\u200bd\\u202eexxx/);
    expect(message).toMatch(/ … x+ do this$/);
    expect(message.length).toBe(500);
  });

  test.each([
    ["https://reader:s3cret@host/x.csv failed", "https://host/x.csv failed"],
    ["postgres://loader:s3cret@host:5432/x refused", "postgres://loader@host:5432/x refused"],
    ["https://reader:s3c/ret@host/x.csv", "https://host/x.csv"],
    ["http://host:8080/a@b.csv is not there", "http://host:8080/a@b.csv is not there"],
    ["https://host/x?X-Amz-Signature=s3cret&part=1 failed", "https://host/x?X-Amz-Signature=…&part=1 failed"],
    ["https://host/x?sv=1&sig=s3cret", "https://host/x?sv=1&sig=…"],
    ["connect: password=s3cret host=x", "connect: password=… host=x"],
    ["Authorization: Basic s3cret", "Authorization: …"],
  ])("contains no secret: %s", (said, shown) => {
    expect(new Failure("permanent", said).message).toBe(shown);
  });

  test("keeps the lines of a ConfigurationError", () => {
    const error = new ConfigurationError("data set x", ["id: a", "columns: b"]);
    expect(asFailure(error).at("here").message).toBe("here: data set x: 2 faults\n  - id: a\n  - columns: b");
  });
});
