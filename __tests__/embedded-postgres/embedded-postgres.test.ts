import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { EmbeddedPostgresError } from "../../embedded-postgres";
import { cleanUp, newCluster, newFolder, postmaster, query, start } from "./support";

afterEach(cleanUp);

describe("data of the embedded Postgres", () => {
  test("persists when the server is stopped and started again", async () => {
    const folder = await newFolder();
    const first = await start(folder);
    await query(first.url, "CREATE TABLE kept AS SELECT 42 AS n");
    await first.stop();
    await expect(query(first.url, "SELECT 1")).rejects.toThrow("ECONNREFUSED");
    const second = await start(folder);
    expect(await query(second.url, "SELECT n FROM kept")).toEqual([{ n: 42 }]);
    await second.stop();
    await second.stop();
  });

  test("is UTF-8 and sorted by bytes, with times in UTC, in Postgres 18", async () => {
    const { url } = await start(await newCluster());
    const [row] = await query(
      url,
      `SELECT current_setting('server_encoding') AS encoding, current_setting('timezone') AS zone,
              'B' < 'a' AS bytes, upper('é') AS upper, current_setting('server_version_num')::int / 10000 AS major`,
    );
    expect(row).toEqual({ encoding: "UTF8", zone: "UTC", bytes: true, upper: "É", major: 18 });
  });

  test("is intact after the server was killed", async () => {
    const folder = await newCluster();
    const first = await start(folder);
    await query(first.url, "CREATE TABLE kept AS SELECT generate_series(1, 50000) AS n");
    process.kill(postmaster(folder), "SIGKILL");
    const second = await start(folder);
    expect(await query(second.url, "SELECT count(*)::int AS n FROM kept")).toEqual([{ n: 50000 }]);
  });

  test("of another major version is rejected with both versions and the folder", async () => {
    const folder = await newCluster();
    await (await start(folder)).stop();
    await writeFile(join(folder, "cluster/data/PG_VERSION"), "17\n");
    const message = await failure(folder);
    expect(message).toContain(join(folder, "cluster/data"));
    expect(message).toMatch(/created by Postgres 17, but version 18 is installed/);
  });
});

describe("server of the embedded Postgres", () => {
  test("requires its password and listens on the loopback address only", async () => {
    const folder = await newCluster();
    const { url } = await start(folder);
    const { hostname, password } = new URL(url);
    expect(hostname).toBe("127.0.0.1");
    await expect(query(url.replace(password, "guess"), "SELECT 1")).rejects.toThrow(/authentication/);
    expect(await query(url, "SHOW listen_addresses")).toEqual([{ listen_addresses: "127.0.0.1" }]);
    expect(await query(url, "SHOW unix_socket_directories")).toEqual([{ unix_socket_directories: "" }]);
    expect(statSync(join(folder, "cluster/password")).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, "cluster/server.log"), "utf8")).not.toContain(password);
  });

  test("starts when port 5432 is in use", async () => {
    const taker = createServer();
    // If another program uses the port already, that works too.
    const settled = Promise.race([once(taker, "listening"), once(taker, "error")]);
    taker.listen(5432, "127.0.0.1");
    await settled;
    try {
      const { url } = await start(await newCluster());
      expect(await query(url, "SELECT 1 AS n")).toEqual([{ n: 1 }]);
    } finally {
      taker.close();
    }
  });

  test("runs at the same time as that of another folder", async () => {
    const [one, two] = await Promise.all([newCluster(), newCluster()].map(async (f) => start(await f)));
    if (one === undefined || two === undefined) throw new Error("two were started");
    await query(one.url, "CREATE TABLE only_here ()");
    expect(await query(two.url, "SELECT to_regclass('only_here') AS found")).toEqual([{ found: null }]);
  });
});

test("startEmbeddedPostgres names a folder that cannot be used", async () => {
  const file = join(await newFolder(), "a-file");
  await writeFile(file, "");
  expect(await failure(file)).toMatch(/^Postgres in .*a-file cannot be used: .*EEXIST/);
});

async function failure(folder: string): Promise<string> {
  const error: unknown = await start(folder).catch((reason: unknown) => reason);
  if (!(error instanceof EmbeddedPostgresError)) throw new Error(`not rejected: ${String(error)}`);
  return error.message;
}
