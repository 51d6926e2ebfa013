import { spawn, type ChildProcess } from "node:child_process";
import { open, readFile, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { runAs, spawnOptions, type Account } from "./account";
import type { Binaries } from "./binaries";
import type { Cluster } from "./cluster";
import { EmbeddedPostgresError, programError } from "./error";
import { Lease } from "./lease";
import { clearPidFile, findPostmaster } from "./postmaster";
import { codeOf } from "../errors/thrown";

/** What it takes to run a cluster's server. */
interface Installation {
  readonly cluster: Cluster;
  readonly binaries: Binaries;
  /** Undefined: we run it ourselves. */
  readonly account: Account | undefined;
}

export interface Membership {
  readonly port: number;
  /** Leaves the server, and stops it if nobody else uses it. */
  readonly release: () => Promise<void>;
}

/** How long to wait, in ms: for a sign of life, and altogether, as in a crash recovery. */
const patience = { silence: 30_000, altogether: 600_000 } as const;

/**
 * Joins the server of a cluster; where there is none it is started. Both are one loop, because others may start,
 * stop or kill the server at any moment.
 */
export async function joinServer(installation: Installation): Promise<Membership> {
  const { cluster } = installation;
  const began = Date.now();
  let heard = began;
  let launch: Launch | undefined;
  let last = "it did not start";
  while (Date.now() - heard < patience.silence && Date.now() - began < patience.altogether) {
    const found = await findPostmaster(cluster.data);
    if (found.state === "running") {
      try {
        const lease = await Lease.take(found.port, cluster.password);
        return { port: found.port, release: () => release(lease, installation) };
      } catch (error) {
        last = `process ${found.pid} on port ${found.port} says: ${String(error)}`;
        // Class 57, operator intervention: it is starting, recovering or stopping.
        if (codeOf(error)?.startsWith("57") === true) heard = Date.now();
      }
    } else if (launch === undefined || ended(launch)) {
      if (launch !== undefined) last = await passing(launch, cluster);
      if (found.state === "reused") await clearPidFile(cluster.data, found.pid);
      launch = await start(installation);
    }
    await sleep(50);
  }
  throw new EmbeddedPostgresError(
    "retryable",
    `Postgres in ${cluster.data} does not accept connections: ${last}\n` +
      `End that process if there is one, and run again. The server's log: ${cluster.log}`,
  );
}

/** A server process that was started, and where its part of the log begins. */
interface Launch {
  readonly process: ChildProcess;
  readonly logStart: number;
}

async function start({ cluster, binaries, account }: Installation): Promise<Launch> {
  const port = await freePort();
  const logStart = (await stat(cluster.log)).size;
  const log = await open(cluster.log, "a");
  try {
    const settings = Object.entries(settingsFor(port)).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    // In a session of its own: Ctrl-C in the terminal is for us, and we stop the server in order.
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
 * For bulk loads on a laptop. Everything that a crash could turn into loss (fsync, full_page_writes,
 * synchronous_commit) keeps its safe default: a load commits a few times, so there is nothing to gain.
 */
function settingsFor(port: number): Record<string, string | number> {
  return {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: "",
    shared_buffers: "128MB",
    // The defaults (1GB, 5min) make a checkpoint in the middle of a load.
    max_wal_size: "2GB",
    checkpoint_timeout: "15min",
    timezone: "UTC",
    log_timezone: "UTC",
    log_checkpoints: "off",
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", reject).listen(0, "127.0.0.1", resolve);
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

/** Ends that trying again helps against, by what the log says. */
const passingFailures = [
  // The port was taken in between.
  "could not create any TCP/IP sockets",
  // Another process was faster.
  'lock file "postmaster.pid"',
  // A killed server's children are still ending.
  "shared memory block",
  // Another process joined, left and stopped it before we joined.
  "shutdown request",
];

function ended({ process }: Launch): boolean {
  return process.exitCode !== null || process.signalCode !== null;
}

/** Why a server ended before it was ready. @throws EmbeddedPostgresError if trying again would not help */
async function passing(launch: Launch, cluster: Cluster): Promise<string> {
  const log = (await readFile(cluster.log)).subarray(launch.logStart).toString();
  const killed = launch.process.signalCode === "SIGKILL";
  if (killed || passingFailures.some((text) => log.includes(text))) return log.trim();
  throw await programError(`Postgres in ${cluster.data} did not start`, log, cluster.data);
}

async function release(lease: Lease, installation: Installation): Promise<void> {
  try {
    if (await lease.giveBack()) await halt(installation);
  } finally {
    await lease.end();
  }
}

/** Ends open transactions and connections in order; if that takes too long, at once, and the next start recovers. */
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
    `Postgres in ${cluster.data} does not stop: ${output}\nEnd process ${left.pid} yourself.`,
  );
}
