import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findJars, installJars, type Jars, readLock } from "../../streaming/install/jars";
import { connectorJars, kafkaJars } from "../../streaming/install/kafka";

const archives = new Map([
  ["org/a/1/a-1.jar", "first"],
  ["org/b/2/b-2.jar", "second"],
]);

let folder: string;
let server: Server;
let failures: number;
let served: Map<string, string>;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "tributary-jars-"));
  [failures, served] = [0, new Map(archives)];
  server = createServer((request, response) => {
    const body = served.get((request.url ?? "").slice(1));
    if (failures > 0) {
      failures -= 1;
      response.writeHead(503).end();
    } else if (body === undefined) response.writeHead(404).end();
    else response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

function locked(): Jars {
  const lines = [...archives].map(
    ([path, text]) => `${createHash("sha256").update(text).digest("hex")} ${text.length} ${path}`,
  );
  const lock = join(folder, "lock.txt");
  writeFileSync(lock, `# Two archives.\n${lines.join("\n")}\n`);
  return { title: "Something 1", lock, command: "npm run something" };
}

function install(jars: Jars, progress?: (done: number, total: number) => void) {
  return installJars(folder, jars, progress, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

test("all archives are downloaded once, with progress; a server that is busy is asked again", async () => {
  const jars = locked();
  expect(findJars(folder, jars)).toEqual({
    kind: "missing",
    title: "Something 1",
    reason: "Something 1 is not installed; run npm run something",
  });
  failures = 1;
  const progress: number[] = [];
  const installed = await install(jars, (done, total) => progress.push(done, total));
  if (installed.kind === "missing") throw new Error(installed.reason);
  expect(readFileSync(join(installed.place.folder, "b-2.jar"), "utf8")).toBe("second");
  expect(progress.slice(-2)).toEqual([11, 11]);

  served.clear();
  expect(await install(jars)).toEqual(installed);
});

test("an archive with another hash is not used, nor one that does not exist", async () => {
  const jars = locked();
  served.set("org/b/2/b-2.jar", "forged");
  const forged = await install(jars);
  expect(forged).toMatchObject({
    kind: "missing",
    reason: expect.stringMatching(
      /^not available from Maven Central: b-2\.jar: its sha256 is [0-9a-f]{64}/,
    ) as string,
  });
  expect(findJars(folder, jars).kind).toBe("missing");

  served.delete("org/b/2/b-2.jar");
  expect(await install(jars)).toMatchObject({
    kind: "missing",
    reason: "not available from Maven Central: b-2.jar: 404 Not Found",
  });
}, 30_000);

test("the lock files are valid, and each archive is in them once", () => {
  for (const { lock } of [kafkaJars, connectorJars]) {
    const names = readLock(lock).map(({ path }) => path.split("/").at(-1));
    expect(new Set(names).size).toBe(names.length);
    expect(existsSync(lock)).toBe(true);
  }
  writeFileSync(join(folder, "bad.txt"), "abc org/a.jar\n");
  expect(() => readLock(join(folder, "bad.txt"))).toThrow('"abc org/a.jar" is not a valid line');
});
