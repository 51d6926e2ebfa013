import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import * as z from "zod/mini";
import { airflowPackages } from "../../airflow/driver/environment";
import { loadCatalog } from "../../catalog";
import { cleanUp, newFolder, onCleanUp, project } from "../job/integration/support";
import { describeUnless } from "../support/unless";
import { missingPython } from "../transform/support";

const minutes = 60_000;

describeUnless(missingPython(airflowPackages))("npm run airflow", () => {
  afterEach(cleanUp);

  test(
    "prints its address, has a DAG for each data set, and leaves no process after Ctrl-C",
    async () => {
      const home = newFolder();
      const airflow = start(home);
      const address = await airflow.address;
      const { access_token: token } = z
        .object({ access_token: z.string() })
        .parse(await (await fetch(`${address}/auth/token`)).json());
      const listed = async () => {
        const response = await fetch(`${address}/api/v2/dags`, {
          headers: { Authorization: `Bearer ${token}` },
        });
        const { dags } = z
          .object({ dags: z.array(z.object({ dag_id: z.string(), is_paused: z.boolean() })) })
          .parse(await response.json());
        return dags;
      };
      const ids = [...loadCatalog().keys()].sort();
      let dags = await listed();
      for (let wait = 0; dags.length < ids.length && wait < 60; wait += 1) {
        await new Promise((resolve) => setTimeout(resolve, 1000));
        dags = await listed();
      }
      expect(dags.map(({ dag_id: id }) => id).sort()).toEqual(ids);
      expect(dags.every(({ is_paused: paused }) => paused)).toBe(true);
      if (process.platform === "linux") expect(processesOf(home).length).toBeGreaterThan(3);

      airflow.child.kill("SIGINT");
      expect(await airflow.ended).toBe(0);
      expect(processesOf(home)).toEqual([]);
    },
    5 * minutes,
  );

  test("a port that is in use is refused before anything is started", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    onCleanUp(() => server.close());
    const taken = server.address();
    const port = typeof taken === "object" && taken !== null ? String(taken.port) : "";
    const airflow = start(newFolder(), "--port", port);
    expect(await airflow.ended).toBe(1);
    expect(airflow.said()).toContain(`--port ${port}: the port is in use`);
  });
});

function start(home: string, ...args: readonly string[]) {
  const command = ["scripts/run.mjs", "airflow/driver/main.ts", "--home", home, ...args];
  const child = spawn(process.execPath, command, { cwd: project, stdio: ["ignore", "ignore", "pipe"] });
  onCleanUp(() => child.kill("SIGTERM"));
  let said = "";
  const ended = once(child, "close").then(([code]: unknown[]) => code);
  const address = new Promise<string>((resolve, reject) => {
    child.stderr.on("data", (chunk: Buffer) => {
      said += String(chunk);
      const found = /Airflow runs at (\S+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    void ended.then(() => {
      reject(new Error(said));
    });
  });
  // A process that ends before it has an address is reported by whoever waits for it.
  address.catch(() => undefined);
  return { child, address, ended, said: () => said };
}

/** Processes of Airflow with a home, and what they have started. Empty where there is no /proc. */
function processesOf(home: string): readonly string[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc").filter((pid) => {
    try {
      return (
        /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, "utf8").includes(`AIRFLOW_HOME=${home}`)
      );
    } catch {
      return false;
    }
  });
}
