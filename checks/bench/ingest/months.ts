import { mkdtempSync, rmSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as z from "zod/mini";
import { readRunSummary } from "../../../job/run-summary";
import { bundled } from "../../../scripts/bundled";
import { runProgram } from "../../../programs/program";
import { spread, spreadText, type Spread } from "../measure";
import type { Section } from "../section";

const line = z.object({ time: z.string(), period: z.string(), step: z.string(), seconds: z.number() });
const months = 3;
const maxMegabytes = 350;

const rounds = 3;
/** How many times its slowest step a month may take. */
const overlap = 1.5;

/**
 * Whole months, from csv.gz into lake, warehouse and database, verified.
 *
 * @param source path of one month, which is ingested as several
 */
export async function benchMonths(source: string): Promise<Section> {
  const program = resolve("node_modules", ".cache", "tributary", "bench-job.cjs");
  bundled("job/main.ts", program);
  const found: Awaited<ReturnType<typeof oneRun>>[] = [];
  for (let round = 0; round < rounds; round += 1) found.push(await oneRun(program, source));
  const of = (key: keyof Awaited<ReturnType<typeof oneRun>>) => spread(found.map((run) => run[key]));
  const row = (name: string, all: Spread, slowest: Spread) => [
    name,
    spreadText(all, 2),
    spreadText(slowest, 2),
    (all.median / slowest.median).toFixed(2),
  ];
  const verdict = (what: string, value: number, most: number) =>
    `${value <= most ? "met   " : "missed"}  ${what}: ${value.toFixed(2)}, at most ${most}`;
  return {
    title: "A whole month into lake, warehouse and database",
    rows: [
      ["", "seconds", "slowest step", "ratio"],
      row("the first month", of("alone"), of("slowestAlone")),
      row("each month of several in a row", of("inARow"), of("slowestInARow")),
    ],
    notes: [
      `peak memory of the job: ${spreadText(of("megabytes"), 0)} MB`,
      verdict(
        "a month relative to its slowest step",
        of("inARow").median / of("slowestInARow").median,
        overlap,
      ),
      verdict("peak MB", of("megabytes").max, maxMegabytes),
    ],
    chart: {
      title: "A whole month into lake, warehouse and database",
      unit: "seconds",
      bars: [
        { name: "the first month", value: of("alone").median, isOurs: true },
        { name: "each month in a row", value: of("inARow").median, isOurs: true },
      ],
    },
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
process.on("exit", () => {
  try {
    process.stderr.write(/VmHWM.*/.exec(require("node:fs").readFileSync("/proc/self/status", "utf8"))[0]);
  } catch {}
});
require(process.argv[1]);
`;
