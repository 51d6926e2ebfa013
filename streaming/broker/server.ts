import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { open, readFile, rm, stat, statfs, writeFile } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "../../job/failure";
import { makeFolder, writeWhole } from "../../job/files";
import type { Java } from "../../programs/java";
import { runProgram } from "../../programs/program";
import { answers } from "./answers";
import { freePort, isFree } from "./ports";
import { brokerJavaOptions, brokerLogProperties, type BrokerPorts, brokerProperties } from "./settings";

/** What runs a broker. */
export interface BrokerProgram {
  readonly java: Java;
  /** Folder of Kafka's Java archives. */
  readonly jars: string;
}

/** A broker that this process uses. */
export interface RunningBroker {
  /** `127.0.0.1:43211` */
  readonly address: string;
  readonly pid: number;
  /** Whether this process found it running. */
  readonly joined: boolean;
  /** Stops the broker, if this process has started it, or the one that did is gone. */
  readonly stop: () => Promise<void>;
}

/** Record of the broker of a folder, for other processes. */
interface BrokerRecord extends BrokerPorts {
  readonly pid: number;
  /** Process that stops the broker when it ends. */
  readonly owner: number;
}

/** In milliseconds. */
const timeouts = { ports: 5000, start: 90_000, stop: 30_000 } as const;

/**
 * Joins the broker whose data is in a folder, or formats the folder and starts one. A broker whose owner was killed is
 * joined, and stopped at the end.
 *
 * @param onState called before each part that takes seconds
 * @throws Failure when it does not start: retryable if the disk is full
 */
export async function startBroker(
  folder: string,
  program: BrokerProgram,
  onState: (state: "formatting" | "starting") => void = () => undefined,
): Promise<RunningBroker> {
  const place = placeOf(folder);
  await makeFolder(place.folder);
  const found = await runningIn(place);
  if (found !== undefined) {
    const record = isAlive(found.owner) ? found : { ...found, owner: process.pid };
    if (record !== found) await writeRecord(place, record);
    await ready(place, record.port, () => !isAlive(record.pid));
    return brokerOf(record, found === record);
  }
  const ports = await portsOf(place);
  await writeFile(place.properties, brokerProperties(place.data, ports));
  await writeFile(place.logging, brokerLogProperties);
  if (!existsSync(metaFile(place))) {
    onState("formatting");
    await format(place, program);
  }
  onState("starting");
  const child = await launch(place, program);
  const record = { ...ports, pid: child.pid ?? 0, owner: process.pid };
  await writeRecord(place, record);
  try {
    await ready(place, record.port, () => child.exitCode !== null || child.signalCode !== null);
  } catch (error) {
    await end(record.pid);
    throw error;
  }
  return brokerOf(record, false);
}

/** Why the broker of a folder has ended, for a client that cannot reach it any more. */
export async function whyBrokerEnded(folder: string): Promise<Failure | undefined> {
  const place = placeOf(folder);
  if ((await runningIn(place)) !== undefined) return undefined;
  return (await endFailure(place)) ?? new Failure("retryable", `the broker has ended; its log: ${place.log}`);
}

/** Files of a broker. */
interface Place {
  readonly folder: string;
  readonly data: string;
  readonly properties: string;
  readonly logging: string;
  readonly log: string;
  readonly record: string;
}

function placeOf(folder: string): Place {
  const absolute = resolve(folder);
  return {
    folder: absolute,
    data: join(absolute, "data"),
    properties: join(absolute, "server.properties"),
    logging: join(absolute, "log4j2.properties"),
    log: join(absolute, "server.log"),
    record: join(absolute, "broker.json"),
  };
}

function metaFile({ data }: Place): string {
  return join(data, "meta.properties");
}

async function runningIn(place: Place): Promise<BrokerRecord | undefined> {
  const record = await readRecord(place);
  if (record === undefined || !isAlive(record.pid)) return undefined;
  // Another process may have the number by now.
  const command = await commandLine(record.pid);
  return command.includes(place.properties) ? record : undefined;
}

async function readRecord({ record }: Place): Promise<BrokerRecord | undefined> {
  const text = await readFile(record, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const value: unknown = JSON.parse(text);
  const number = (name: keyof BrokerRecord) => {
    const found = Object.entries(value ?? {}).find(([key]) => key === name)?.[1] as unknown;
    return typeof found === "number" ? found : 0;
  };
  return {
    port: number("port"),
    controllerPort: number("controllerPort"),
    pid: number("pid"),
    owner: number("owner"),
  };
}

async function writeRecord({ record }: Place, content: BrokerRecord): Promise<void> {
  await writeWhole(record, (draft) => writeFile(draft, `${JSON.stringify(content)}\n`));
}

/** Clients of a killed broker find it again at its old address, which the system may not have released yet. */
async function portsOf(place: Place): Promise<BrokerPorts> {
  const before = await readRecord(place);
  const deadline = Date.now() + timeouts.ports;
  while (before !== undefined && Date.now() < deadline) {
    if ((await isFree(before.port)) && (await isFree(before.controllerPort))) return before;
    await sleep(100);
  }
  return { port: await freePort(), controllerPort: await freePort() };
}

async function format(place: Place, program: BrokerProgram): Promise<void> {
  // What a killed format has left.
  await rm(place.data, { recursive: true, force: true });
  const id = randomBytes(16).toString("base64url").replace(/^-/, "a");
  const args = ["kafka.tools.StorageTool", "format", "-t", id, "-c", place.properties];
  const { exitCode, stdout, stderr } = await runProgram(javaIn(program), [
    ...javaArgs(place, program),
    ...args,
  ]);
  if (exitCode === 0) return;
  await rm(place.data, { recursive: true, force: true });
  throw await failureIn(`${stdout}\n${stderr}`, place, "cannot be formatted");
}

async function launch(place: Place, program: BrokerProgram): Promise<ChildProcess> {
  // A log per start: it is read to find out why the broker ended.
  const log = await open(place.log, "w");
  try {
    // In its own process group: Ctrl-C in the terminal must not reach the broker, which this process stops.
    const child = spawn(javaIn(program), [...javaArgs(place, program), "kafka.Kafka", place.properties], {
      detached: true,
      cwd: place.folder,
      stdio: ["ignore", log.fd, log.fd],
    });
    await new Promise<void>((spawned, failed) => child.once("spawn", spawned).once("error", failed));
    child.unref();
    return child;
  } finally {
    await log.close();
  }
}

function javaIn({ java }: BrokerProgram): string {
  return join(java.home, "bin", "java");
}

function javaArgs({ logging }: Place, { jars }: BrokerProgram): readonly string[] {
  const classPath = [join(resolve(jars), "*")].join(delimiter);
  return [...brokerJavaOptions, `-Dlog4j2.configurationFile=${logging}`, "-cp", classPath];
}

/** Waits until the broker answers. @throws Failure when it has ended, or takes too long */
async function ready(place: Place, port: number, hasEnded: () => boolean): Promise<void> {
  const deadline = Date.now() + timeouts.start;
  while (Date.now() < deadline) {
    if (await answers(`127.0.0.1:${port}`)) return;
    if (hasEnded())
      throw (
        (await endFailure(place)) ?? new Failure("retryable", `the broker has ended; its log: ${place.log}`)
      );
    await sleep(150);
  }
  throw new Failure("retryable", `the broker does not answer on port ${port}; its log: ${place.log}`);
}

/** Why the broker ended, from its log and its disk; undefined if they do not say. */
async function endFailure(place: Place): Promise<Failure | undefined> {
  const log = await readFile(place.log, "utf8").catch(() => "");
  return /error|fatal/i.test(log) || (await isFull(place)) ? failureIn(log, place, "has ended") : undefined;
}

async function failureIn(log: string, place: Place, what: string): Promise<Failure> {
  if (/No space left on device|Disk quota exceeded/i.test(log) || (await isFull(place)))
    return new Failure(
      "retryable",
      `the broker ${what}: the disk of ${place.data} is full; make room, then run the same command again`,
    );
  if (/Failed to acquire lock on file/.test(log))
    return new Failure("retryable", `another broker uses ${place.data}; stop it, or use another --home`);
  const line =
    log.split("\n").find((text) => /ERROR|FATAL|Exception/.test(text)) ?? log.trim().split("\n").at(-1);
  return new Failure("permanent", `the broker ${what}: ${line ?? ""}; its log: ${place.log}`);
}

/** The log is on the same disk, so that it may not say so. */
async function isFull({ folder }: Place): Promise<boolean> {
  const { bavail, bsize, files, ffree } = await statfs(folder);
  // An index takes a megabyte.
  return bavail * bsize < 2 * 2 ** 20 || (files > 0 && ffree === 0);
}

function addressOf({ port }: BrokerPorts): string {
  return `127.0.0.1:${port}`;
}

function brokerOf(record: BrokerRecord, isForeign: boolean): RunningBroker {
  return {
    address: addressOf(record),
    pid: record.pid,
    joined: isForeign,
    stop: async () => {
      if (!isForeign) await end(record.pid);
    },
  };
}

/** Shuts down, so that the next start needs no recovery; kills what does not end. */
async function end(pid: number): Promise<void> {
  const deadline = Date.now() + timeouts.stop;
  signal(pid, "SIGTERM");
  while (isAlive(pid)) {
    if (Date.now() > deadline) signal(pid, "SIGKILL");
    await sleep(50);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}

function isAlive(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // A killed child stays as a zombie until Node has read its exit code.
  return !existsSync("/proc/self") || existsSync(`/proc/${pid}/cmdline`);
}

async function commandLine(pid: number): Promise<string> {
  const proc = `/proc/${pid}/cmdline`;
  if (await stat(proc).catch(() => undefined)) return readFile(proc, "utf8");
  const { stdout } = await runProgram("ps", ["-o", "args=", "-p", String(pid)]);
  return stdout;
}
