import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { open, readFile, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { runAs, spawnOptions, type Account } from "./account";
import type { Binaries } from "./binaries";
import type { Cluster } from "./cluster";
import { EmbeddedPostgresError, programError } from "./error";
import { Lease } from "./lease";
import { removePidFile, findPostmaster } from "./postmaster";
import { codeOf } from "../errors/thrown";

/** Everything needed to run a cluster's server. */
interface Installation {
  readonly cluster: Cluster;
  readonly binaries: Binaries;
  /** Undefined: the current user. */
  readonly account: Account | undefined;
}

export interface Membership {
  readonly port: number;
  /** Leaves the server, and stops it if no other process uses it. */
  readonly release: () => Promise<void>;
}

/** Timeouts in ms: since the last response of the server, and in total, for example during a crash recovery. */
const timeouts = { silence: 30_000, total: 600_000 } as const;

/**
 * Joins the server of a cluster, and starts it if it is not running. One loop does both, because other processes may
 * start, stop or kill the server at any time.
 */
export async function joinServer(installation: Installation): Promise<Membership> {
  const { cluster } = installation;
  const began = Date.now();
  let lastResponse = began;
  let launch: Launch | undefined;
  let last = "it did not start";
  while (Date.now() - lastResponse < timeouts.silence && Date.now() - began < timeouts.total) {
    const found = await findPostmaster(cluster.data);
    if (found.state === "running") {
      try {
        const lease = await Lease.take(found.port, cluster.password);
        return { port: found.port, release: () => release(lease, installation) };
      } catch (error) {
        last = `process ${found.pid} on port ${found.port} returned: ${String(error)}`;
        // Class 57, operator intervention: it is starting, recovering or stopping.
        if (codeOf(error)?.startsWith("57") === true) lastResponse = Date.now();
      }
    } else if (launch === undefined || ended(launch)) {
      if (launch !== undefined) last = await transientFailure(launch, cluster);
      if (found.state === "reused") await removePidFile(cluster.data, found.pid);
      launch = await start(installation);
    }
    await sleep(50);
  }
  throw new EmbeddedPostgresError(
    "retryable",
    `Postgres in ${cluster.data} does not accept connections: ${last}\n` +
      `Stop that process if it exists, and run the command again. Log of the server: ${cluster.log}`,
  );
}

/** A started server process, and the offset of its part of the log. */
interface Launch {
  readonly process: ChildProcess;
  readonly logStart: number;
}

async function start({ cluster, binaries, account }: Installation): Promise<Launch> {
  const port = await portFor(cluster.data);
  const logStart = (await stat(cluster.log)).size;
  const log = await open(cluster.log, "a");
  try {
    const settings = Object.entries(settingsFor(port)).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    // In its own process group: Ctrl-C in the terminal must not reach the server, which this process shuts down.
    const child = spawn(binaries.postgres, ["-D", cluster.data, ...settings], {
      ...spawnOptions(account),
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
    });
    await spawned(child);
    child.unref();
    return { process: child, logStart };
  } finally {
    await log.close();
  }
}

/**
 * For bulk loads on a laptop. Settings that could lose data in a crash (fsync, full_page_writes, synchronous_commit)
 * keep their safe defaults: a load commits only a few times, so changing them would gain nothing.
 */
function settingsFor(port: number): Record<string, string | number> {
  return {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: "",
    shared_buffers: "128MB",
    // The defaults (1GB, 5min) cause a checkpoint in the middle of a load.
    max_wal_size: "2GB",
    checkpoint_timeout: "15min",
    // Without replicas, a table filled by the transaction that created or truncated it is synced instead of logged.
    wal_level: "minimal",
    max_wal_senders: 0,
    timezone: "UTC",
    log_timezone: "UTC",
    log_checkpoints: "off",
  };
}

/** The same port for the same folder, so that the connections that clients remember keep working; another if it is taken. */
async function portFor(data: string): Promise<number> {
  const hash = createHash("sha256").update(data).digest().readUInt32BE();
  return listenOn(firstPort + (hash % ports)).catch(() => listenOn(0));
}

/** Ports that systems do not give to clients by default. */
const firstPort = 15_432;
const ports = 10_000;

/** The port, if it is free; any free one if it is 0. */
async function listenOn(wanted: number): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", reject).listen(wanted, "127.0.0.1", resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  return address.port;
}

async function spawned(child: ChildProcess): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve).once("error", reject);
  });
}

/** Texts in the log of failures that a retry can get past. */
const transientFailures = [
  // Another program took the port in the meantime.
  "could not create any TCP/IP sockets",
  // Another process started the server first.
  'lock file "postmaster.pid"',
  // Child processes of a killed server are still exiting.
  "shared memory block",
  // Another process joined, left and stopped the server before this one joined.
  "shutdown request",
];

function ended({ process }: Launch): boolean {
  return process.exitCode !== null || process.signalCode !== null;
}

/** Why a server ended before it was ready. @throws EmbeddedPostgresError if a retry would not help */
async function transientFailure(launch: Launch, cluster: Cluster): Promise<string> {
  const log = (await readFile(cluster.log)).subarray(launch.logStart).toString();
  const killed = launch.process.signalCode === "SIGKILL";
  if (killed || transientFailures.some((text) => log.includes(text))) return log.trim();
  throw await programError(`Postgres in ${cluster.data} did not start`, log, cluster.data);
}

async function release(lease: Lease, installation: Installation): Promise<void> {
  try {
    if (await lease.release()) await halt(installation);
  } finally {
    await lease.end();
  }
}

/** Shuts down in fast mode; if that takes too long, in immediate mode, and the next start performs recovery. */
async function halt({ cluster, binaries, account }: Installation): Promise<void> {
  let output = "";
  for (const mode of ["fast", "immediate"]) {
    if ((await findPostmaster(cluster.data)).state !== "running") return;
    const stop = ["stop", "-D", cluster.data, "-m", mode, "-t", "60", "-s"];
    ({ output } = await runAs(account, binaries.pgCtl, stop));
  }
  const left = await findPostmaster(cluster.data);
  if (left.state !== "running") return;
  throw new EmbeddedPostgresError(
    "retryable",
    `Postgres in ${cluster.data} does not stop: ${output}\nStop the process ${left.pid} manually.`,
  );
}
