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
  const child = spawn(process.execPath, command, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "exit");
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  try {
    const [url] = (await once(child.stdout, "data")).map(String);
    const client = new Client({ connectionString: (url ?? "").trim() });
    client.on("error", () => undefined);
    await client.connect();
    expect((await client.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
    await client.end();
    const { port } = new URL((url ?? "").trim());
    expect(said).toMatch(
      new RegExp(
        `^psql: {2}PGPASSWORD='\\S+' psql -h 127\\.0\\.0\\.1 -p ${port} -U tributary postgres$`,
        "m",
      ),
    );
    expect(said).toContain(`jdbc:postgresql://127.0.0.1:${port}/postgres?user=tributary&password=`);
    expect(said).toContain("Press Ctrl-C to stop.");
    child.kill("SIGINT");
    expect((await exited)[0]).toBe(0);
    await expect(new Client({ connectionString: (url ?? "").trim() }).connect()).rejects.toThrow();
  } finally {
    child.kill("SIGTERM");
    await exited;
    await rm(home, { recursive: true, force: true });
  }
});
