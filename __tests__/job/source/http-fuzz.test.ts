/** Servers with random faults at any byte: a download is always exactly one version of the file, or a clear failure. */
import type { RequestListener } from "node:http";
import { gzipSync } from "node:zlib";
import { Failure } from "../../../job/failure";
import { cleanUp, fetched, random, send, serve } from "./support";

afterEach(cleanUp);

const runs = Number(process.env["FUZZ_RUNS"] ?? 60);

interface FileVersion {
  readonly content: Buffer;
  readonly sent: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** A server with correct validators, and random behavior by seed otherwise. */
function server(seed: number) {
  const next = random(seed + Number(process.env["FUZZ_SEED"] ?? 0));
  const upTo = (limit: number) => Math.floor(next() * limit);
  const oneOf = <T>(values: readonly [T, ...T[]]): T => values[upTo(values.length)] ?? values[0];
  const coding = oneOf(["", "", "gzip"]);
  const tagged = oneOf(["strong", "strong", "weak", "date", "nothing"]);
  const version = (number: number): FileVersion => {
    const rows = Array.from(
      { length: 50 + upTo(4_000) },
      (_, row) => `${row},version ${number} ${upTo(1e6)}`,
    );
    const content = Buffer.from(`id,v\n${rows.join("\n")}\n`);
    const date = new Date(Date.UTC(2024, 0, 1 + number)).toUTCString();
    return {
      content,
      sent: coding === "gzip" ? gzipSync(content) : content,
      headers: {
        ...(coding !== "" && { "content-encoding": coding }),
        ...(tagged === "strong" && { etag: `"${number}"` }),
        ...(tagged === "weak" && { etag: `W/"${number}"`, "last-modified": date }),
        ...(tagged === "date" && { "last-modified": date }),
      },
    };
  };
  const versions = [version(1), version(2)] as const;
  let current: 0 | 1 = 0;
  const knowsConditions = next() < 0.6;
  const knowsRanges = next() < 0.8;

  const listener: RequestListener = (request, response) => {
    if (next() < 0.15) current = 1;
    const { sent, headers } = versions[current];
    const event = next();
    if (event < 0.08) {
      response.writeHead(oneOf([500, 502, 503, 429]), next() < 0.3 ? { "retry-after": "0" } : {}).end("busy");
      return;
    }
    if (event < 0.12) {
      response.socket?.destroy();
      return;
    }
    const from = /^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1];
    const condition = request.headers["if-range"];
    const holds = !knowsConditions || condition === headers["etag"] || condition === headers["last-modified"];
    const cut = next() < 0.35 ? upTo(sent.length) : undefined;
    if (from === undefined || !knowsRanges || !holds) {
      response.writeHead(200, { ...headers, ...(next() < 0.7 && { "content-length": sent.length }) });
      send(response, sent, cut);
      return;
    }
    const start = Number(from);
    if (start >= sent.length || event < 0.16) {
      response.writeHead(416, { "content-range": `bytes */${sent.length}` }).end();
      return;
    }
    // Sometimes a shorter part, another start, or a wrong total, which the download must detect.
    const end = next() < 0.3 ? start + 1 + upTo(sent.length - start) : sent.length;
    const said = next() < 0.08 ? start + oneOf([-1, 1]) : start;
    const total = next() < 0.08 ? sent.length + 1 : sent.length;
    const range = `bytes ${said}-${said + end - start - 1}/${next() < 0.1 ? "*" : total}`;
    response.writeHead(206, { ...headers, "content-length": end - start, "content-range": range });
    send(response, sent.subarray(start, end), cut);
  };
  return { listener, contents: versions.map(({ content }) => content) };
}

test(`download from ${runs} random servers returns one complete version, or fails with a reason`, async () => {
  const ends = { whole: 0, failed: 0 };
  const one = async (seed: number) => {
    const { listener, contents } = server(seed);
    const url = `${await serve(listener)}/x.csv`;
    try {
      const timing = { idleTimeout: 20_000, retries: 4, pause: 1, longestWait: 500 };
      const { content } = await fetched(url, { timing });
      if (!contents.some((version) => version.equals(content)))
        throw new Error(`seed ${seed}: ${content.length} bytes of no version`);
      ends.whole += 1;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (!["retryable", "integrity"].includes(error.kind)) throw new Error(`seed ${seed}: ${error.message}`);
      ends.failed += 1;
    }
  };
  for (let seed = 1; seed <= runs; seed += 10)
    await Promise.all(Array.from({ length: Math.min(10, runs - seed + 1) }, (_, index) => one(seed + index)));
  expect(ends.whole + ends.failed).toBe(runs);
  expect(ends.whole).toBeGreaterThan(runs * 0.6);
});
