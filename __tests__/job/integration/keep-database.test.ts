import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";

const root = join(__dirname, "..", "..", "..");

test("ingest database runs a Postgres server until it is interrupted", async () => {
  const home = await mkdtemp(join(tmpdir(), "tributary-database-"));
  const command = ["scripts/run.mjs", "job/main.ts", "database", "--home", home];
  const child = spawn(process.execPath, command, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  try {
    const [url] = (await once(child.stdout, "data")).map(String);
    const client = new Client({ connectionString: (url ?? "").trim() });
    client.on("error", () => undefined);
    await client.connect();
    expect((await client.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
    await client.end();
    child.kill("SIGINT");
    expect((await exited)[0]).toBe(0);
    await expect(new Client({ connectionString: (url ?? "").trim() }).connect()).rejects.toThrow();
  } finally {
    child.kill("SIGTERM");
    await exited;
    await rm(home, { recursive: true, force: true });
  }
});
