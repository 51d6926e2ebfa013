import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SampleFile } from "../../tour/sample/write";
import { serve, type FileServer } from "../../tour/serve";

const content = Buffer.from(Array.from({ length: 10_000 }, (_, index) => index % 251));
const file: SampleFile = {
  name: "month.csv.gz",
  bytes: content.length,
  sha256: createHash("sha256").update(content).digest("hex"),
  rows: 0,
  bad: 0,
};
const etag = `"${file.sha256}"`;

let folder: string;
let server: FileServer;

beforeAll(async () => {
  // The name starts with a dot, like the folder of a run.
  folder = mkdtempSync(join(tmpdir(), ".tributary-serve-"));
  writeFileSync(join(folder, file.name), content);
  writeFileSync(join(folder, "private.txt"), "not in the list");
  server = await serve(folder, [file]);
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const get = (headers: Record<string, string> = {}, path = file.name, method = "GET") =>
  fetch(`${server.url}/${path}`, { headers, method });

test("serve returns a complete file with its length and a strong ETag", async () => {
  const answer = await get();
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-length")).toBe("10000");
  expect(answer.headers.get("content-type")).toBe("application/gzip");
  expect(answer.headers.get("accept-ranges")).toBe("bytes");
  expect(answer.headers.get("etag")).toBe(etag);
  // Clients must not decompress the file: it is compressed itself, not for the transfer.
  expect(answer.headers.get("content-encoding")).toBeNull();
  expect(Buffer.from(await answer.arrayBuffer()).equals(content)).toBe(true);
});

test("serve returns a range", async () => {
  const answer = await get({ Range: "bytes=9000-" });
  expect(answer.status).toBe(206);
  expect(answer.headers.get("content-range")).toBe("bytes 9000-9999/10000");
  expect(Buffer.from(await answer.arrayBuffer()).equals(content.subarray(9000))).toBe(true);
});

test("serve honors If-Range", async () => {
  const same = await get({ Range: "bytes=9000-", "If-Range": etag });
  expect(same.status).toBe(206);
  await same.arrayBuffer();
  const changed = await get({ Range: "bytes=9000-", "If-Range": '"another"' });
  expect(changed.status).toBe(200);
  expect((await changed.arrayBuffer()).byteLength).toBe(10_000);
});

test("serve rejects a range beyond the end", async () => {
  const answer = await get({ Range: "bytes=10000-" });
  expect(answer.status).toBe(416);
  expect(answer.headers.get("content-range")).toBe("bytes */10000");
});

test("serve honors If-None-Match", async () => {
  expect((await get({ "If-None-Match": etag })).status).toBe(304);
  expect((await get({ "If-None-Match": '"another"' })).status).toBe(200);
});

test("serve returns only headers for HEAD", async () => {
  const answer = await get({}, file.name, "HEAD");
  expect(answer.headers.get("content-length")).toBe("10000");
  expect((await answer.arrayBuffer()).byteLength).toBe(0);
});

test.each(["nothing.csv.gz", "private.txt", ""])("serve returns 404 for other paths: /%s", async (path) => {
  const answer = await get({}, path);
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain("/month.csv.gz");
});

test("serve frees the port on close", async () => {
  const other = await serve(folder, [file]);
  await other.close();
  await expect(fetch(other.url)).rejects.toThrow();
});
