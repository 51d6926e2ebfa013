import { mkdtempSync, rmSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as z from "zod/mini";
import { readRunSummary } from "../../../job/run-summary";
import { bundled } from "../../../scripts/bundled";
import { runProgram } from "../../../scripts/program";
import { spread, type Spread } from "../measure";

/** What whole months take: from csv.gz into lake, warehouse and database, verified. */
export interface MonthFigures {
  /** A month by itself, from its first step to its last. */
  readonly alone: Spread;
  /** Each month of several in a row. */
  readonly inARow: Spread;
  /** The slowest step of a month by itself, and of one in a row. */
  readonly slowest: { readonly alone: Spread; readonly inARow: Spread };
  /** Peak memory of the job's process, in MB (10^6 bytes). */
  readonly megabytes: Spread;
}

const line = z.object({ time: z.string(), period: z.string(), step: z.string(), seconds: z.number() });
const months = 3;

/** @param source path of one month; it is ingested as several */
export async function benchMonths(source: string, rounds: number): Promise<MonthFigures> {
  const program = resolve("node_modules", ".cache", "tributary", "bench-job.cjs");
  bundled("job/main.ts", program);
  const found: Awaited<ReturnType<typeof oneRun>>[] = [];
  for (let round = 0; round < rounds; round += 1) found.push(await oneRun(program, source));
  return {
    alone: spread(found.map(({ alone }) => alone)),
    inARow: spread(found.map(({ inARow }) => inARow)),
    slowest: {
      alone: spread(found.map(({ slowestAlone }) => slowestAlone)),
      inARow: spread(found.map(({ slowestInARow }) => slowestInARow)),
    },
    megabytes: spread(found.map(({ megabytes }) => megabytes)),
  };
}

/** Ingests the months into a new home. */
async function oneRun(program: string, source: string) {
  const home = mkdtempSync(join(tmpdir(), "bench-home-"));
  await chmod(home, 0o755);
  try {
    const range = ["--from", "2019-01", "--to", `2019-0${months}`, "--source", source];
    const args = ["run", "--dataset", "yellow_tripdata", ...range, "--home", home, "--json"];
    const { exitCode, stdout, stderr } = await runProgram(process.execPath, [
      ...["-e", printPeak, program],
      ...args,
    ]);
    if (exitCode !== 0) throw new Error(`the job failed:\n${stderr}`);
    const lines = stdout.trimEnd().split("\n");
    const steps = lines.flatMap((text) => line.safeParse(JSON.parse(text)).data ?? []);
    const [first, ...others] = readRunSummary(lines.at(-1) ?? "").periods;
    const ends = steps.filter(({ step }) => step === "verify").map(({ time }) => Date.parse(time));
    const extract = steps.find(({ step }) => step === "extract");
    const began = Date.parse(extract?.time ?? "") - (extract?.seconds ?? 0) * 1000;
    const [end = Number.NaN] = ends;
    const slowest = (seconds: Readonly<Record<string, number>> = {}) => Math.max(...Object.values(seconds));
    return {
      alone: (end - began) / 1000,
      inARow: ((ends.at(-1) ?? Number.NaN) - end) / 1000 / (months - 1),
      slowestAlone: slowest(first?.seconds),
      slowestInARow: Math.max(...others.map(({ seconds }) => slowest(seconds))),
      megabytes: (Number(/VmHWM:\s+(\d+)/.exec(stderr)?.[1]) * 1024) / 1e6,
    };
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Runs a program, and prints the peak memory of its process at the end. */
const printPeak = `
process.argv.splice(1, 0, process.argv[0]);
process.on("exit", () => {
  try {
    process.stderr.write(/VmHWM.*/.exec(require("node:fs").readFileSync("/proc/self/status", "utf8"))[0]);
  } catch {}
});
require(process.argv.splice(1, 2)[1]);
`;
