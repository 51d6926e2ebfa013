import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { CloudClients } from "../../../job/cloud/clients";
import { locate } from "../../../job/source/location";
import { streamSource } from "../../../job/source/stream-source";
import type { SourceRecord } from "../../../job/records";
import { cleanUp, serve } from "../integration/support";

afterAll(cleanUp);

const content = Buffer.from(Array.from({ length: 200_000 }, (_, index) => `${index}\n`).join(""));

/** A server that breaks the connection after so many bytes of each response; undefined for none. */
function server(cuts: (number | undefined)[], etag: () => string | undefined) {
  const ranges: (string | undefined)[] = [];
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    const { range, "if-none-match": known, "if-range": proof } = request.headers;
    ranges.push(range);
    const tag = etag();
    if (tag !== undefined) response.setHeader("etag", tag);
    if (known !== undefined && known === tag) {
      response.writeHead(304).end();
      return;
    }
    const start = range !== undefined && proof === tag ? Number(/\d+/.exec(range)?.[0]) : 0;
    const body = content.subarray(start);
    response.writeHead(start > 0 ? 206 : 200, {
      "content-length": body.length,
      ...(start > 0 && { "content-range": `bytes ${start}-${content.length - 1}/${content.length}` }),
    });
    const cut = cuts.shift();
    if (cut === undefined) response.end(body);
    else response.write(body.subarray(0, cut), () => response.destroy());
  };
  return { listener, ranges };
}

async function read(url: string, held?: SourceRecord) {
  const source = await streamSource({ location: locate(url), cloud: new CloudClients(), held });
  return source === "unchanged" ? source : { ...source, bytes: await buffer(source.chunks) };
}

test("a broken connection is continued where it broke", async () => {
  const { listener, ranges } = server([300_000, 200_000], () => '"one"');
  const url = await serve(listener);
  const found = await read(`${url}/x.csv`);
  if (found === "unchanged") throw new Error("it was read");
  expect(found.bytes.equals(content)).toBe(true);
  expect(found).toMatchObject({ version: { etag: '"one"' }, total: content.length });
  expect(ranges).toEqual([undefined, "bytes=300000-", "bytes=500000-"]);
});

test("a file that changes in the meantime, or whose version is not known, is not continued", async () => {
  let version = 1;
  const changing = server([300_000], () => `"${version++}"`);
  await expect(read(`${await serve(changing.listener)}/x.csv`)).rejects.toMatchObject({
    kind: "retryable",
    message: expect.stringContaining("the file has changed on the server") as string,
  });
  const unknown = server([300_000], () => undefined);
  await expect(read(`${await serve(unknown.listener)}/x.csv`)).rejects.toMatchObject({
    kind: "retryable",
    message: expect.stringContaining("no ETag or Last-Modified") as string,
  });
});

test("a known version is not read", async () => {
  const { listener } = server([], () => '"one"');
  const url = `${await serve(listener)}/x.csv`;
  const held = { url, bytes: 1, sha256: "x", rows: 1, etag: '"one"' };
  expect(await read(url, held)).toBe("unchanged");
});

test("a file that does not exist, and one that is encoded", async () => {
  const missing = await serve((_, response) => response.writeHead(404).end());
  await expect(read(`${missing}/x.csv`)).rejects.toMatchObject({ kind: "permanent" });
  const encoded = await serve((_, response) =>
    response.writeHead(200, { "content-encoding": "br" }).end("x"),
  );
  await expect(read(`${encoded}/x.csv`)).rejects.toMatchObject({
    kind: "permanent",
    message: expect.stringContaining('set engine to "duckdb"') as string,
  });
});
