import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { Failure } from "../../../job/failure";
import { listen } from "../../support/cloud/listening";
import { cleanUp, fetched, file, newFolder, send, serve, serveInTurn, status } from "./support";

afterEach(cleanUp);

const lines = (word: string) =>
  Buffer.from(
    `id,v\n${Array.from({ length: 20_000 }, (_, row) => `${row},${word} ${(row * 7919) % 10007}\n`).join("")}`,
  );
const older = lines("name");
const newer = lines("NAME");
const half = older.length >> 1;
const longAgo = "Mon, 01 Jan 2024 00:00:00 GMT";
const packed = gzipSync(older);

async function failureOf(attempt: Promise<unknown>): Promise<Failure> {
  const error: unknown = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Failure)) throw new Error(`not a Failure: ${String(error)}`);
  return error;
}

describe("download: a response with a part of the file (206)", () => {
  test("may be shorter than requested: the rest is requested without counting an attempt", async () => {
    const small = 7_000;
    const { asked, url } = await serveInTurn(file(older, { cut: half }), file(older, { most: small }));
    const { content, result } = await fetched(url);
    expect(content.equals(older)).toBe(true);
    expect(result).toEqual({ etag: '"1"', pieced: true });
    expect(asked.length).toBeGreaterThan((older.length - half) / small);
  });

  test("may be sent without a range request, from the first byte", async () => {
    const { url } = await serveInTurn((request, response) => {
      request.headers.range ??= "bytes=0-";
      file(older, { most: 100_000 })(request, response);
    });
    expect((await fetched(url)).content.equals(older)).toBe(true);
  });

  test("of a file of unknown length ends when the server has no more bytes", async () => {
    const { url } = await serveInTurn(
      (_request, response) => {
        response.writeHead(200, { etag: '"1"' });
        send(response, older, half);
      },
      (request, response) => {
        const from = Number(/\d+/.exec(request.headers.range ?? "")?.[0]);
        const piece = older.subarray(from, from + 90_000);
        const [code, range] =
          piece.length === 0
            ? [416, `bytes */${older.length}`]
            : [206, `bytes ${from}-${from + piece.length - 1}/*`];
        response.writeHead(code, { etag: '"1"', "content-range": range }).end(piece);
      },
    );
    expect((await fetched(url)).content.equals(older)).toBe(true);
  });

  test.each<[string, (from: number) => Record<string, string>]>([
    [
      "that starts elsewhere",
      (from) => ({ "content-range": `bytes ${from - 1}-${older.length - 1}/${older.length}` }),
    ],
    ["without Content-Range", () => ({})],
    [
      "with an invalid Content-Range",
      (from) => ({ "content-range": `bytes ${from}-${from - 1}/${older.length}` }),
    ],
    [
      "of a file of another length",
      (from) => ({ "content-range": `bytes ${from}-${older.length - 1}/${older.length + 1}` }),
    ],
    ["with two lengths", (from) => ({ "content-range": `bytes ${from}-${from + 9}/${older.length}` })],
    [
      "of another version",
      (from) => ({ "content-range": `bytes ${from}-${older.length - 1}/${older.length}`, etag: '"2"' }),
    ],
    ["of many ranges", () => ({ "content-type": "multipart/byteranges; boundary=x" })],
    [
      "with another encoding",
      (from) => ({
        "content-range": `bytes ${from}-${older.length - 1}/${older.length}`,
        "content-encoding": "gzip",
      }),
    ],
  ])("%s is ignored: the whole file is downloaded", async (_, headers) => {
    const { asked, url } = await serveInTurn(file(older, { cut: half }), (request, response) => {
      const from = /\d+/.exec(request.headers.range ?? "")?.[0];
      if (from === undefined) file(newer)(request, response);
      else
        response.writeHead(206, { etag: '"1"', ...headers(Number(from)) }).end(newer.subarray(Number(from)));
    });
    expect((await fetched(url)).content.equals(newer)).toBe(true);
    expect(asked.at(-1)?.range).toBeUndefined();
  });
});

describe("download resumes with", () => {
  const careless =
    (content: Buffer, headers: Record<string, string>) =>
    (request: Parameters<ReturnType<typeof file>>[0], response: Parameters<ReturnType<typeof file>>[1]) => {
      delete request.headers["if-range"];
      file(content, { headers })(request, response);
    };

  test("a strong ETag", async () => {
    const { asked, url } = await serveInTurn(file(older, { cut: half }), file(older));
    expect((await fetched(url)).content.equals(older)).toBe(true);
    expect(asked[1]).toMatchObject({ "if-range": '"1"' });
  });

  test("no weak ETag: the whole file is requested", async () => {
    const headers = { etag: 'W/"1"' };
    const { asked, url } = await serveInTurn(file(older, { cut: half, headers }), file(older, { headers }));
    expect((await fetched(url)).content.equals(older)).toBe(true);
    expect(asked[1]?.range).toBeUndefined();
  });

  test("a date, unless a weak ETag differs", async () => {
    const headers = (tag: string) => ({ etag: `W/"${tag}"`, "last-modified": longAgo });
    const same = await serveInTurn(
      file(older, { cut: half, headers: headers("1") }),
      careless(older, headers("1")),
    );
    expect((await fetched(same.url)).content.equals(older)).toBe(true);
    expect(same.asked[1]).toMatchObject({ "if-range": longAgo });
    const changed = await serveInTurn(
      file(older, { cut: half, headers: headers("1") }),
      careless(newer, headers("2")),
    );
    expect((await fetched(changed.url)).content.equals(newer)).toBe(true);
  });

  test("no date of less than a minute ago: the file may be written twice in the same second", async () => {
    const headers = { "last-modified": new Date(Date.now() - 5_000).toUTCString() };
    const { asked, url } = await serveInTurn(file(older, { cut: half, headers }), careless(newer, headers));
    const { content, result } = await fetched(url);
    expect(content.equals(newer)).toBe(true);
    expect(asked[1]?.range).toBeUndefined();
    // Nor can the next request use it.
    expect(result).toEqual({ pieced: false });
  });

  test("no ETag of another address before a redirect", async () => {
    const one = await serve(file(older, { cut: half }));
    const other = await serve(careless(newer, { etag: '"1"' }));
    let count = 0;
    const url = await serve((request, response) => {
      count += 1;
      response.writeHead(302, { location: `${count === 1 ? one : other}${request.url ?? ""}` }).end();
    });
    expect((await fetched(`${url}/x.csv`)).content.equals(newer)).toBe(true);
  });

  test("the whole file if the server reports a newer version", async () => {
    const { url } = await serveInTurn(file(older, { cut: half }), file(newer, { headers: { etag: '"2"' } }));
    expect((await fetched(url)).content.equals(newer)).toBe(true);
  });
});

describe("download: a part on disk", () => {
  const part = (folder: string, content: Buffer, version: object) => {
    writeFileSync(join(folder, "source.csv"), content);
    writeFileSync(join(folder, "source.csv.version"), JSON.stringify(version));
  };
  const version = (url: string, more: object = {}) => ({
    of: url,
    at: url,
    etag: '"1"',
    coding: "",
    total: older.length,
    pieces: 1,
    failures: 0,
    ...more,
  });

  test("is resumed by a later run", async () => {
    const folder = newFolder();
    const { asked, url } = await serveInTurn(file(older));
    part(folder, older.subarray(0, half), version(url));
    expect((await fetched(url, { folder })).content.equals(older)).toBe(true);
    expect(asked[0]?.range).toBe(`bytes=${half}-`);
    expect(existsSync(join(folder, "source.csv.version"))).toBe(false);
  });

  test("that may be complete is checked by requesting its last byte", async () => {
    const folder = newFolder();
    const { asked, url } = await serveInTurn(file(older));
    part(folder, older, version(url));
    expect((await fetched(url, { folder })).content.equals(older)).toBe(true);
    expect(asked[0]?.range).toBe(`bytes=${older.length - 1}-`);
  });

  test.each<[string, Buffer, object]>([
    ["of another address", older.subarray(0, half), { of: "http://elsewhere/x.csv" }],
    ["longer than the file", Buffer.concat([older, older]), {}],
    ["with an invalid version file", older.subarray(0, half), { pieces: "two" }],
  ])("%s is not resumed", async (_, content, more) => {
    const folder = newFolder();
    const { asked, url } = await serveInTurn(file(older));
    part(folder, content, version(url, more));
    expect((await fetched(url, { folder })).content.equals(older)).toBe(true);
    expect(asked[0]?.range).toBeUndefined();
  });

  test("is dropped if the server rejects the range (416)", async () => {
    const folder = newFolder();
    const { asked, url } = await serveInTurn(status(416, { "content-range": "bytes */10" }), file(older));
    part(folder, older.subarray(0, half), version(url));
    expect((await fetched(url, { folder })).content.equals(older)).toBe(true);
    expect(asked.map(({ range }) => range !== undefined)).toEqual([true, false]);
  });

  test("is dropped after resuming it twice without receiving a byte", async () => {
    const folder = newFolder();
    const nothing = file(older, { cut: 0 });
    const { asked, url } = await serveInTurn(nothing, nothing, file(older));
    part(folder, older.subarray(0, half), version(url));
    expect((await fetched(url, { folder })).content.equals(older)).toBe(true);
    expect(asked.map(({ range }) => range !== undefined)).toEqual([true, true, false]);
  });

  test("is kept while the server is down", async () => {
    const folder = newFolder();
    const { url } = await serveInTurn(status(503));
    part(folder, older.subarray(0, half), version(url));
    expect(await failureOf(fetched(url, { folder }))).toMatchObject({ kind: "retryable" });
    expect(readFileSync(join(folder, "source.csv")).length).toBe(half);
    expect(existsSync(join(folder, "source.csv.version"))).toBe(true);
  });
});

describe("download: Content-Encoding", () => {
  const coded = (coding: string) => ({ etag: '"1"', "content-encoding": coding });

  test.each<[string, Buffer, string]>([
    ["gzip", packed, "gzip"],
    ["x-gzip", packed, "x-gzip"],
    ["gzip twice", gzipSync(packed), "gzip, gzip"],
    ["deflate", deflateSync(older), "deflate"],
    ["deflate without a zlib header", deflateRawSync(older), "deflate"],
    ["brotli", brotliCompressSync(older), "br"],
    ["a value that encodes nothing", older, "aws-chunked"],
    ["identity", older, "identity"],
  ])("%s is decoded", async (_, body, coding) => {
    const { url } = await serveInTurn(file(body, { headers: coded(coding) }));
    expect((await fetched(url)).content.equals(older)).toBe(true);
  });

  test("does not affect range requests, which count the encoded bytes", async () => {
    const headers = coded("gzip");
    const cuts = [1000, packed.length >> 1, packed.length - 1];
    const ranges = await Promise.all(
      cuts.map(async (cut) => {
        const { asked, url } = await serveInTurn(file(packed, { headers, cut }), file(packed, { headers }));
        expect((await fetched(url)).content.equals(older)).toBe(true);
        return asked[1]?.range;
      }),
    );
    // On a busy machine the client may notice the break before it has read all bytes, or any.
    const starts = ranges.map((range) => range && Number(/^bytes=(\d+)-$/.exec(range)?.[1]));
    expect(starts.filter((start) => start !== undefined)).not.toEqual([]);
    cuts.forEach((cut, index) => {
      expect(starts[index] ?? cut).toBeLessThanOrEqual(cut);
    });
  });

  test("gzip of a gzip file may refer to the compression of the file itself", async () => {
    const once = await serveInTurn(file(packed, { headers: coded("gzip") }));
    expect((await fetched(once.url, { gzip: true })).content.equals(packed)).toBe(true);
    const twice = gzipSync(packed);
    const both = await serveInTurn(file(twice, { headers: coded("gzip") }));
    expect((await fetched(both.url, { gzip: true })).content.equals(packed)).toBe(true);
  });

  test.each<[string, Buffer, string, RegExp]>([
    ["truncated", packed.subarray(0, packed.length >> 1), "gzip", /truncated/],
    ["truncated brotli", brotliCompressSync(older).subarray(0, 900), "br", /truncated|damaged/],
    [
      "another encoding than announced",
      older,
      "gzip",
      /its Content-Encoding is gzip, but its content is not/,
    ],
    ["data after the end", Buffer.concat([packed, Buffer.from("more")]), "gzip", /damaged/],
  ])(
    "%s without a Content-Length is an integrity failure after a second download",
    async (_, body, coding, message) => {
      const { asked, url } = await serveInTurn((_request, response) => {
        response.useChunkedEncodingByDefault = false;
        response.writeHead(200, { "content-encoding": coding, connection: "close" });
        response.write(body, () => response.socket?.destroySoon());
      });
      const failure = await failureOf(fetched(url));
      expect(failure.kind).toBe("integrity");
      expect(failure.message).toMatch(message);
      expect(asked.length).toBe(2);
    },
  );

  test("that is not supported is named in the message", async () => {
    const { url } = await serveInTurn(file(older, { headers: { "content-encoding": "compress" } }));
    expect(await failureOf(fetched(url))).toMatchObject({
      kind: "permanent",
      message: expect.stringContaining('"compress"') as string,
    });
  });
});

describe("download from a busy server", () => {
  test.each([
    ["seconds", () => "1"],
    ["a date", () => new Date(Date.now() + 2_000).toUTCString()],
  ])("honors Retry-After: %s", async (_, header) => {
    const { url } = await serveInTurn(status(429, { "retry-after": header() }), file(older));
    const began = Date.now();
    expect((await fetched(url)).content.equals(older)).toBe(true);
    expect(Date.now() - began).toBeGreaterThan(400);
  });

  test("fails if Retry-After is too long", async () => {
    const { asked, url } = await serveInTurn(status(503, { "retry-after": "3600" }), file(older));
    const failure = await failureOf(fetched(url));
    expect(failure).toMatchObject({ kind: "retryable" });
    expect(failure.message).toMatch(/503 Service Unavailable.*60 min/);
    expect(asked.length).toBe(1);
  });

  test("retries soon if Retry-After is not valid", async () => {
    const { url } = await serveInTurn(status(503, { "retry-after": "soon" }), status(500), file(older));
    expect((await fetched(url)).content.equals(older)).toBe(true);
  });

  test("resumes after a timeout", async () => {
    const { asked, url } = await serveInTurn(
      (_request, response) => {
        response.writeHead(200, { etag: '"1"', "content-length": older.length });
        response.write(older.subarray(0, half));
      },
      () => undefined,
      file(older),
    );
    const timing = { idleTimeout: 250, retries: 4, pause: 1, longestWait: 1000 };
    expect((await fetched(url, { timing })).content.equals(older)).toBe(true);
    expect(asked.map(({ range }) => range)).toEqual([undefined, `bytes=${half}-`, `bytes=${half}-`]);
  });

  test("that times out after each megabyte and supports no ranges does not retry forever", async () => {
    const large = Buffer.alloc(3 << 20, "1,a\n");
    const { asked, url } = await serveInTurn(file(large, { headers: {}, cut: 2 << 20 }));
    expect(await failureOf(fetched(url))).toMatchObject({ kind: "retryable" });
    expect(asked.length).toBeLessThan(8);
  });

  test("that sends nothing is retryable, with the reason", async () => {
    const { url } = await serveInTurn(() => undefined);
    const timing = { idleTimeout: 100, retries: 1, pause: 1, longestWait: 1000 };
    expect((await failureOf(fetched(url, { timing }))).message).toMatch(
      /could not be downloaded in 2 attempts: no data received for 0.1 s/,
    );
  });
});

describe("download from a faulty server", () => {
  test("with a Content-Length that is too large accepts no incomplete file", async () => {
    const { url } = await serveInTurn((_request, response) => {
      response.writeHead(200, { "content-length": older.length + 10 });
      send(response, Buffer.concat([older, Buffer.alloc(10)]), older.length);
    });
    expect(await failureOf(fetched(url))).toMatchObject({ kind: "retryable" });
  });

  test("with a Content-Length that is too small detects the surplus bytes", async () => {
    const server = createServer((socket) => {
      socket
        .on("error", () => undefined)
        .once("data", () => {
          socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${half}\r\n\r\n${older.toString()}`);
        });
    });
    const url = `http://127.0.0.1:${await listen(server)}/x.csv`;
    const failure = await failureOf(fetched(url));
    server.close();
    expect(failure.message).toMatch(/sent more bytes than it announced/);
  });

  test("with surplus bytes and an ETag does not resume", async () => {
    const ranges: boolean[] = [];
    const server = createServer((socket) => {
      socket
        .on("error", () => undefined)
        .once("data", (head) => {
          ranges.push(/^range:/im.test(head.toString()));
          const length = ranges.length === 1 ? half : older.length;
          socket.end(`HTTP/1.1 200 OK\r\netag: "1"\r\ncontent-length: ${length}\r\n\r\n${older.toString()}`);
        });
    });
    const url = `http://127.0.0.1:${await listen(server)}/x.csv`;
    const { content } = await fetched(url);
    server.close();
    expect(content.equals(older)).toBe(true);
    expect(ranges).toEqual([false, false]);
  });

  test("that returns the whole file for a range request uses it", async () => {
    const { url } = await serveInTurn(file(older, { cut: half }), (_request, response) => {
      response.writeHead(200, { etag: '"1"', "content-length": older.length }).end(older);
    });
    expect((await fetched(url)).content.equals(older)).toBe(true);
  });
});

describe("download: redirects", () => {
  test("are followed, also to a path", async () => {
    const url = await serve((request, response) => {
      if (request.url === "/there/y.csv") file(older)(request, response);
      else response.writeHead(307, { location: "/there/y.csv" }).end();
    });
    expect((await fetched(`${url}/x.csv`)).content.equals(older)).toBe(true);
  });

  test.each([
    ["in a circle", "/x.csv", /redirected more than 10 times/],
    ["to a file", "file:///etc/passwd", /redirected to an address that is not a valid HTTP or HTTPS URL/],
  ])("%s: retryable", async (_, location, message) => {
    const { url } = await serveInTurn(status(302, { location }));
    expect((await failureOf(fetched(url))).message).toMatch(message);
  });

  test("to another host do not send user and password there", async () => {
    const seen: (string | undefined)[] = [];
    const other = await serve((request, response) => {
      seen.push(request.headers.authorization);
      file(older)(request, response);
    });
    const url = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(302, { location: `${other}/x.csv` }).end();
    });
    await fetched(`${url.replace("//", "//reader:s3cret@")}/x.csv`);
    expect(seen).toEqual([`Basic ${Buffer.from("reader:s3cret").toString("base64")}`, undefined]);
  });
});

test('download returns "unchanged" for a known version, without downloading it', async () => {
  const { asked, url } = await serveInTurn(status(304));
  expect((await fetched(url, { known: { etag: '"1"' } })).result).toBe("unchanged");
  expect(asked[0]).toMatchObject({ "if-none-match": '"1"' });
  expect(await failureOf(fetched(url))).toMatchObject({ kind: "permanent" });
});
