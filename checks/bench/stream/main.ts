/**
 * `npm run bench:stream [-- rows]`: how long broker and Spark take to start, and rows per second and peak memory of
 * producer, sink and a plain consumer of the same topic.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { Home } from "../../../job/home";
import { runProgram } from "../../../programs/program";
import { clusterId } from "../../../streaming/broker/answers";
import { startBroker } from "../../../streaming/broker/server";
import { brokerProgram, sinkProgram } from "../../../streaming/install/programs";
import { produce } from "../../../streaming/produce/produce";
import { replay } from "../../../streaming/produce/replay";
import { tripSource } from "../../../streaming/produce/trips";
import { runSink } from "../../../streaming/sink/run";
import { createTopics } from "../../../streaming/topics";
import { viewOn } from "../../../streaming/view/view";
import yellow from "../../../tour/catalog/yellow_tripdata";
import { columns } from "../../columns";

async function main(rows: number): Promise<void> {
  const view = viewOn(process.stderr);
  const [broker, sink] = [await brokerProgram(view), await sinkProgram(view)];
  const folder = mkdtempSync(join(tmpdir(), "bench-stream-"));
  const clock = stopwatch();
  const states: (readonly [string, number])[] = [];
  const server = await startBroker(join(folder, "kafka"), broker, (state) => states.push([state, clock()]));
  const formatted = states[1]?.[1] ?? 0;
  const started = clock();
  try {
    await createTopics(server.address);
    const source = await tripSource(new Home(folder), yellow);
    const sending = stopwatch();
    const rides = replay(source.trips(), { name: source.name, limit: rows });
    const { sent } = await produce({ address: server.address, name: source.name, rides }, () => undefined);
    const produced = sending();

    const consumed = await plainConsumer(server.address, sent);
    const marks = new Map<string, number>();
    const sinking = stopwatch();
    const peak = watchPeak(server.pid);
    await runSink(
      sink,
      { address: server.address, clusterId: await clusterId(server.address), folder: join(folder, "lake") },
      ({ event }) => marks.set(event, sinking()),
    );
    const sinkMegabytes = peak();
    const [ready, written] = [marks.get("ready") ?? 0, marks.get("batch") ?? 0];
    const perSecond = (seconds: number) => Math.round(sent / seconds).toLocaleString("en-US");
    process.stdout.write(
      `${sent.toLocaleString("en-US")} rides\n\n${columns([
        ["", "seconds", "rows/s", "peak MB"],
        ["broker: format, once", formatted.toFixed(1), "", ""],
        ["broker: start", (started - formatted).toFixed(1), "", megabytesOf(server.pid).toFixed(0)],
        ["producer", produced.toFixed(1), perSecond(produced), ""],
        [
          "plain consumer",
          consumed.seconds.toFixed(1),
          perSecond(consumed.seconds),
          consumed.megabytes.toFixed(0),
        ],
        ["sink: start of Spark", ready.toFixed(1), "", ""],
        ["sink: batches", (written - ready).toFixed(1), perSecond(written - ready), sinkMegabytes.toFixed(0)],
        ["sink: files of days", (sinking() - written).toFixed(1), "", ""],
      ])}\n`,
    );
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function stopwatch(): () => number {
  const began = performance.now();
  return () => (performance.now() - began) / 1000;
}

/** In a process of its own, for its memory. */
async function plainConsumer(address: string, rows: number): Promise<{ seconds: number; megabytes: number }> {
  const args = ["scripts/run.mjs", "checks/bench/stream/consumer.ts", address, String(rows)];
  const { stdout, stderr, exitCode } = await runProgram(process.execPath, args);
  if (exitCode !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as { seconds: number; megabytes: number };
}

/** Samples the memory of this process's children, except for one: Python, the JVM of Spark, and its workers. */
function watchPeak(except: number): () => number {
  const peaks = new Map<number, number>();
  const timer = setInterval(() => {
    for (const pid of childrenOf(process.pid))
      if (pid !== except) peaks.set(pid, Math.max(peaks.get(pid) ?? 0, megabytesOf(pid)));
  }, 100);
  return () => {
    clearInterval(timer);
    return [...peaks.values()].reduce((sum, peak) => sum + peak, 0);
  };
}

function childrenOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" "))
      .filter((text) => text !== "")
      .map(Number)
      .flatMap((child) => [child, ...childrenOf(child)]);
  } catch {
    // It has ended, or this is not Linux.
    return [];
  }
}

/** Peak memory of a process, in MB (10^6 bytes). */
function megabytesOf(pid: number): number {
  try {
    const kibibytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return (Number(kibibytes ?? 0) * 1024) / 1e6;
  } catch {
    return 0;
  }
}

const [rows = "100000"] = process.argv.slice(2);
main(Number(rows)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
