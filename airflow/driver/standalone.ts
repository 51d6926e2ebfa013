import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Failure } from "../../job/failure";
import { Home } from "../../job/home";
import {
  airflowFolder,
  airflowVariables,
  serverAddress,
  type ServerPorts,
  serverVariables,
} from "./environment";
import { prepareAirflow } from "./prepare";

export interface StandaloneOptions {
  readonly home: string;
  readonly port?: string;
  readonly catchUp?: boolean;
}

/**
 * `npm run airflow`: runs Airflow on this machine until it is interrupted, then ends all its processes.
 *
 * @throws Failure permanent when Python is missing, the port is in use, or Airflow does not start
 */
export async function standalone({ home: folder, port, catchUp = false }: StandaloneOptions): Promise<void> {
  const interrupted = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  const home = new Home(folder);
  const ports = await freePorts(port === undefined ? undefined : Number(port));
  const python = await prepareAirflow({ home, catchUp });
  const file = join(airflowFolder(home), "airflow.log");
  process.stderr.write(`Starting Airflow; its log is ${file}\n`);
  const log = openSync(file, "w");
  const child = spawn(python, ["-m", "airflow", "standalone"], {
    env: { ...airflowVariables(home, python), ...serverVariables(ports) },
    stdio: ["ignore", log, log],
    // A group of its own: all its processes can be ended, and Ctrl-C reaches them through this process only.
    detached: true,
  });
  closeSync(log);
  const ended = once(child, "close");
  try {
    const state = await Promise.race([
      interrupted.then(() => "interrupted" as const),
      ended.then(() => "ended" as const),
      healthy(ports).then(() => "ready" as const),
    ]);
    if (state === "ended") throw stopped(file);
    if (state === "interrupted") return;
    process.stderr.write(
      `Airflow runs at ${serverAddress(ports)} (only on this machine, without login). Its DAGs are paused; press Ctrl-C to end it.\n`,
    );
    if (await Promise.race([interrupted.then(() => false), ended.then(() => true)])) throw stopped(file);
  } finally {
    await endGroup(child);
  }
}

/** Waits until the server and the scheduler work. */
async function healthy(ports: ServerPorts): Promise<void> {
  for (;;) {
    try {
      const response = await fetch(`${serverAddress(ports)}/api/v2/monitor/health`);
      const text = await response.text();
      if (response.ok && /"scheduler":\{"status":"healthy"/.test(text)) return;
    } catch {
      // It does not listen yet.
    }
    await pause(500);
  }
}

/** Ends all processes of the group, and kills what is left of it after a while. */
async function endGroup({ pid }: ChildProcess): Promise<void> {
  if (pid === undefined || !signal(pid, "SIGTERM")) return;
  process.stderr.write("Ending Airflow.\n");
  for (let waited = 0; waited < 15_000 && signal(pid, 0); waited += 100) await pause(100);
  signal(pid, "SIGKILL");
}

/** Sends a signal to a group of processes. Returns whether there is one left. */
function signal(group: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, name);
  } catch {
    return false;
  }
}

function stopped(file: string): Failure {
  const last = readFileSync(file, "utf8").trimEnd().split("\n").slice(-15).join("\n");
  return new Failure("permanent", `Airflow ended. The end of ${file}:\n${last}`);
}

/** Airflow's own port if it is free, and free ones for the rest. */
async function freePorts(wanted: number | undefined): Promise<ServerPorts> {
  const servers: Server[] = [];
  const free = async (port: number): Promise<number | undefined> => {
    const server = createServer().listen(port, "127.0.0.1");
    try {
      await once(server, "listening");
    } catch {
      return undefined;
    }
    servers.push(server);
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : undefined;
  };
  try {
    const api = (await free(wanted ?? 8080)) ?? (wanted === undefined ? await free(0) : undefined);
    const [workerLogs, triggerLogs] = [await free(0), await free(0)];
    if (api === undefined || workerLogs === undefined || triggerLogs === undefined)
      throw new Failure("permanent", `--port ${wanted ?? ""}: the port is in use; pass another one, or none`);
    return { api, workerLogs, triggerLogs };
  } finally {
    await Promise.all(servers.map((server) => once(server.close(), "close")));
  }
}
