import { writeFileSync } from "node:fs";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { cleanUp, duckdb, filesIn, ingest, newFolder, serve, sha256, start } from "./support";
import { csv, rows } from "./yellow";

const older = gzipSync(csv(rows("2019-01", 5_000, 1)));
const newer = gzipSync(csv(rows("2019-01", 5_000, 2)));
const half = Math.floor(older.length / 2);
const modified = "Tue, 05 Feb 2019 10:00:00 GMT";

afterEach(cleanUp);

/** The range of a request, and the number of bytes sent. */
interface Asked {
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

/** A server that uses the nth function for the nth response, and the last one for all later responses. */
async function server(...answers: readonly RequestListener[]) {
  const asked: Asked[] = [];
  const url = await serve((request, response) => {
    const { range, "if-range": ifRange, "if-none-match": ifNoneMatch } = request.headers;
    const answer = answers[Math.min(asked.length, answers.length - 1)];
    asked.push({ range, ifRange: ifRange?.toString(), ifNoneMatch });
    answer?.(request, response);
  });
  return { asked, url };
}

/** Responds like a real source, but breaks the connection after `limit` bytes. */
function file(content: Buffer, { limit = Infinity, tag = '"1"' }: { limit?: number; tag?: string } = {}) {
  return (request: IncomingMessage, response: ServerResponse) => {
    const wanted = /^bytes=(\d+)-$/.exec(request.headers.range ?? "");
    const whole = wanted === null || (request.headers["if-range"] ?? tag) !== tag;
    const from = whole ? 0 : Number(wanted[1]);
    response.writeHead(whole ? 200 : 206, {
      etag: tag,
      "content-length": content.length - from,
      ...(!whole && { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` }),
    });
    if (content.length - from <= limit) response.end(content.subarray(from));
    else sendAndBreak(response, content.subarray(from, from + limit));
  };
}

/** The first requested byte. */
function startOf({ range = "bytes=0-" }: Asked): number {
  return Number(/\d+/.exec(range)?.[0]);
}

function sendAndBreak(response: ServerResponse, content: Buffer): void {
  response.write(content);
  // Time to write the received bytes to disk, even on a busy machine.
  setTimeout(() => response.socket?.end(), 400);
}

function status(code: number): RequestListener {
  return (_request, response) => {
    response.writeHead(code).end("not today");
  };
}

function argsFor(home: string, url: string): readonly string[] {
  return [
    ...["--dataset", "yellow_tripdata", "--period", "2019-01", "--home", home, "--no-database"],
    ...["--source", `${url}/trips/yellow_tripdata_{period}.csv.gz`],
  ];
}

async function expectLoaded(home: string, url: string, content: Buffer): Promise<void> {
  const outcome = await ingest(argsFor(home, url));
  expect(outcome.stderr).toBe("");
  expect(outcome).toMatchObject({ code: 0, summary: { periods: [{ rows: { warehouse: 5_000 } }] } });
  expect(outcome.summary.periods[0]?.source).toEqual({
    url: `${url.replace(/\/\/.*@/, "//")}/trips/yellow_tripdata_2019-01.csv.gz`,
    bytes: content.length,
    sha256: sha256(content),
  });
}

describe("a broken connection", () => {
  test("is resumed where it broke", async () => {
    const { asked, url } = await server(
      file(older, { limit: half }),
      file(older, { limit: 1000 }),
      file(older),
    );
    await expectLoaded(newFolder(), url, older);
    expect(asked.map(({ ifRange }) => ifRange)).toEqual([undefined, '"1"', '"1"']);
    const [first = 0, second = 0, third = 0] = asked.map(startOf);
    expect(first).toBe(0);
    expect(second).toBeGreaterThan(0);
    expect(second).toBeLessThanOrEqual(half);
    expect(third).toBeGreaterThan(second);
  });

  test("restarts the download when the file has changed in the meantime", async () => {
    const { asked, url } = await server(file(older, { limit: half }), file(newer, { tag: '"2"' }));
    await expectLoaded(newFolder(), url, newer);
    expect(asked[1]?.ifRange).toBe('"1"');
  });

  test("restarts the download when the server ignores If-Range and the file has changed", async () => {
    const careless: RequestListener = (request, response) => {
      delete request.headers["if-range"];
      file(newer, { tag: '"2"' })(request, response);
    };
    const { url } = await server(file(older, { limit: half }), careless);
    await expectLoaded(newFolder(), url, newer);
  });

  test("restarts the download if the server supports no ranges or sends no validators", async () => {
    const plain: RequestListener = (_request, response) => {
      response.writeHead(200, { "content-length": older.length }).end(older);
    };
    const broken: RequestListener = (_request, response) => {
      response.writeHead(200, { "content-length": older.length });
      sendAndBreak(response, older.subarray(0, half));
    };
    const noRanges = await server(file(older, { limit: half }), plain);
    await expectLoaded(newFolder(), noRanges.url, older);
    expect(noRanges.asked[1]?.range).toBeDefined();
    const noValidators = await server(broken, plain);
    await expectLoaded(newFolder(), noValidators.url, older);
    // The rest could be from another version.
    expect(noValidators.asked[1]?.range).toBeUndefined();
  });

  test("in every attempt exits with code 2, and the next run resumes the download", async () => {
    const home = newFolder();
    const breaking = Array.from({ length: 5 }, () => file(older, { limit: 1000 }));
    const { asked, url } = await server(...breaking, file(older));
    const failed = await ingest(argsFor(home, url));
    expect(failed).toMatchObject({ code: 2, summary: { periods: [], error: { kind: "retryable" } } });
    expect(failed.stderr).toMatch(
      new RegExp(
        `^yellow_tripdata 2019-01: ${url}/trips/yellow_tripdata_2019-01.csv.gz could not be downloaded in 5`,
      ),
    );
    expect(filesIn(join(home, "lake"))).toEqual({});
    await expectLoaded(home, url, older);
    const starts = asked.map(startOf);
    expect(starts).toHaveLength(6);
    expect(starts).toEqual([...starts].sort((x, y) => x - y));
    expect(new Set(starts).size).toBe(6);
  });

  test("of a killed run is resumed by the next run", async () => {
    const home = newFolder();
    const { asked, url } = await server(stalling, file(older));
    await killMidway(home, url);
    await expectLoaded(home, url, older);
    expect(asked[1]).toMatchObject({ range: `bytes=${half}-`, ifRange: '"1"' });
    expect(filesIn(join(home, "scratch"))).toEqual({});
  });

  test("is not resumed with the file of another source", async () => {
    const [home, folder] = [newFolder(), newFolder()];
    const { asked, url } = await server(stalling, file(older));
    await killMidway(home, url);
    // An invalid local file leaves nothing to resume.
    writeFileSync(join(folder, "2019-01.csv.gz"), gzipSync("no,such,header\n1,2,3\n"));
    const other = ["--dataset", "yellow_tripdata", "--period", "2019-01", "--home", home, "--no-database"];
    expect((await ingest([...other, "--source", join(folder, "{period}.csv.gz")])).code).toBe(4);
    await expectLoaded(home, url, older);
    expect(asked[1]?.range).toBeUndefined();
  });

  const stalling: RequestListener = (_request, response) => {
    response.writeHead(200, { etag: '"1"', "content-length": older.length });
    response.write(older.subarray(0, half));
  };

  async function killMidway(home: string, url: string): Promise<void> {
    const { process, ended } = start(["run", ...argsFor(home, url)]);
    const arrived = () => filesIn(join(home, "scratch"))["yellow_tripdata/2019-01/source.csv.gz"] ?? "";
    const began = Date.now();
    while (!arrived().startsWith(sha256(older.subarray(0, half)))) {
      if (Date.now() - began > 20_000) throw new Error("nothing arrived");
      await sleep(20);
    }
    process.kill("SIGKILL");
    await ended;
  }
});

describe("ingest run with a server", () => {
  test("that fails twice retries", async () => {
    const { asked, url } = await server(status(503), status(503), file(older));
    await expectLoaded(newFolder(), url, older);
    expect(asked).toHaveLength(3);
  });

  test.each([
    [404, /does not exist \(404 Not Found\)/],
    [403, /cannot be read \(403 Forbidden\)/],
    [400, /cannot be read \(400 Bad Request\)/],
  ])("that returns %i does not retry", async (code, message) => {
    const home = newFolder();
    const { asked, url } = await server(status(code));
    const failed = await ingest(argsFor(home, url));
    expect(failed).toMatchObject({ code: 1, summary: { periods: [], error: { kind: "permanent" } } });
    expect(failed.stderr).toMatch(
      new RegExp(`^yellow_tripdata 2019-01: ${url}/trips/yellow_tripdata_2019-01.csv.gz ${message.source}`),
    );
    expect(asked).toHaveLength(1);
    expect(Object.keys(filesIn(home))).toEqual(["warehouse.duckdb"]);
  });

  test("that redirects follows, and resumes there", async () => {
    const files = await server(file(older, { limit: half }), file(older));
    const moved: RequestListener = (request, response) => {
      response.writeHead(302, { location: `${files.url}${request.url ?? ""}` }).end();
    };
    const { url } = await server(moved);
    await expectLoaded(newFolder(), url, older);
    expect(files.asked[1]?.range).toBeDefined();
  });

  test("that is down, or announces more bytes than it sends, accepts no incomplete file", async () => {
    const home = newFolder();
    const lying: RequestListener = (_request, response) => {
      response.writeHead(200, { "content-length": older.length + 10 });
      sendAndBreak(response, older);
    };
    const { url } = await server(lying);
    const [gone, failed] = await Promise.all([
      ingest(argsFor(newFolder(), "http://127.0.0.1:9")),
      ingest(argsFor(home, url)),
    ]);
    expect(gone.code).toBe(2);
    expect(gone.stderr).toMatch(
      /^yellow_tripdata 2019-01: http:\/\/127\.0\.0\.1:9\/.* could not be downloaded/,
    );
    expect(failed).toMatchObject({ code: 2, summary: { error: { kind: "retryable" } } });
    expect(filesIn(join(home, "lake"))).toEqual({});
  });

  test("that announces fewer bytes than the file has reports a truncated file", async () => {
    const home = newFolder();
    const lying: RequestListener = (_request, response) => {
      response.writeHead(200, { "content-length": half }).end(older.subarray(0, half));
    };
    const { url } = await server(lying);
    const failed = await ingest(argsFor(home, url));
    expect(failed).toMatchObject({ code: 3, summary: { error: { kind: "integrity" } } });
    expect(failed.stderr).toMatch(/yellow_tripdata_2019-01\.csv\.gz is truncated/);
    expect(Object.keys(filesIn(home))).toEqual(["warehouse.duckdb"]);
  });

  test("that requires a password sends it, and neither prints nor stores it", async () => {
    const home = newFolder();
    const guarded: RequestListener = (request, response) => {
      const right = `Basic ${Buffer.from("reader:s3 cret").toString("base64")}`;
      if (request.headers.authorization === right) file(older)(request, response);
      else status(401)(request, response);
    };
    const { url } = await server(guarded);
    const withUser = (password: string) => url.replace("//", `//reader:${password}@`);
    const failed = await ingest(argsFor(home, withUser("wrong")));
    expect(failed.code).toBe(1);
    expect(failed.stderr + failed.stdout).not.toContain("wrong@");
    await expectLoaded(home, withUser("s3%20cret"), older);
    const [kept] = await duckdb(
      `SELECT string_agg(decode(value)) AS text FROM parquet_kv_metadata('${home}/lake/raw/**/*.parquet')`,
    );
    expect(kept?.["text"]).toContain(`${url}/trips/`);
    expect(kept?.["text"]).not.toContain("cret");
  });
});

describe("a second run", () => {
  const conditional =
    (tagged: boolean): RequestListener =>
    (request, response) => {
      const { "if-none-match": tag, "if-modified-since": since } = request.headers;
      if (tagged ? tag === '"1"' : since === modified) response.writeHead(304).end();
      else
        response
          .writeHead(200, {
            "content-length": older.length,
            ...(tagged ? { etag: '"1"' } : { "last-modified": modified }),
          })
          .end(older);
    };

  test.each([
    { name: "an ETag", answer: conditional(true) },
    { name: "Last-Modified", answer: conditional(false) },
  ])("downloads nothing if the server supports $name", async ({ answer }) => {
    const home = newFolder();
    const statuses: number[] = [];
    const url = await serve((request, response) => {
      answer(request, response);
      statuses.push(response.statusCode);
    });
    await expectLoaded(home, url, older);
    const before = filesIn(home);
    const again = await ingest(argsFor(home, url));
    expect(again).toMatchObject({ code: 0, summary: { periods: [{ changed: false }] } });
    expect(statuses).toEqual([200, 304]);
    expect(filesIn(home)).toEqual(before);
  });

  test("downloads again if the server sends no validators, and detects that nothing has changed", async () => {
    const home = newFolder();
    const { url } = await server((_request, response) => {
      response.end(older);
    });
    await expectLoaded(home, url, older);
    const before = filesIn(home);
    expect(await ingest(argsFor(home, url))).toMatchObject({
      code: 0,
      summary: { periods: [{ changed: false }] },
    });
    expect(filesIn(home)).toEqual(before);
  });

  test("ingests a newer version", async () => {
    const home = newFolder();
    const { url } = await server(file(older), file(newer, { tag: '"2"' }));
    await expectLoaded(home, url, older);
    await expectLoaded(home, url, newer);
  });
});
