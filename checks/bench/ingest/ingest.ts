import { mkdtempSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import * as z from "zod/mini";
import { bundled } from "../../../scripts/bundled";
import { runProgram } from "../../../programs/program";
import { spread, spreadText, type Spread } from "../measure";
import type { Section } from "../section";
import { pythonWithPeers } from "./python";

const rounds = 5;

/** Limits: processor time and time relative to polars; processor time with bad rows relative to none; megabytes. */
const bars = { processor: 0.85, clock: 1, withBadRows: 1.3, megabytes: 350 };

interface Way {
  readonly name: string;
  readonly run: () => Promise<Figures>;
}

interface Figures {
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly megabytes: number;
}

const usage = z.object({ processorSeconds: z.number(), megabytes: z.number() });

/**
 * One month from csv.gz to Parquet: this project with hash, counts and rejects, and libraries of Python.
 *
 * @param folder for temporary files
 * @param clean the month
 * @param dirty the month with one bad row in 1,000
 */
export async function benchConversion(folder: string, clean: string, dirty: string): Promise<Section> {
  const program = resolve("node_modules", ".cache", "tributary", "bench-convert.cjs");
  bundled("checks/bench/ingest/convert.ts", program);
  const ours = (name: string, source: string): Way => ({
    name,
    run: async () => {
      const place = mkdtempSync(join(folder, "run-"));
      const figures = await measured(process.execPath, [program, "yellow_tripdata", source, place]);
      rmSync(place, { recursive: true });
      return figures;
    },
  });
  const python = await pythonWithPeers();
  const peer = (name: string, key: string): Way[] =>
    python.kind === "missing"
      ? []
      : [
          {
            name,
            run: () =>
              measured(python.place, [
                resolve("checks/bench/ingest/peers.py"),
                key,
                clean,
                join(folder, "peer.parquet"),
              ]),
          },
        ];
  const ways = [
    ours("this project", clean),
    ours("this project, one row in 1,000 bad", dirty),
    ...peer("polars", "polars"),
    ...peer("DuckDB", "duckdb"),
    ...peer("pyarrow", "pyarrow"),
    ...peer("pandas", "pandas"),
    ...peer("pandas by chunks", "course"),
  ];
  const figures = await inTurn(ways);
  const size = (statSync(clean).size / 1e6).toFixed(0);
  return {
    title: `From csv.gz (${size} MB) to Parquet`,
    rows: [
      ["", "processor seconds", "seconds", "peak MB"],
      ...ways.map(({ name }, index) => row(name, figures[index])),
    ],
    notes: [
      ...(python.kind === "missing" ? [`skipped: Python libraries: ${python.reason}`] : []),
      ...verdicts(figures, python.kind === "there"),
    ],
    chart: {
      title: "From csv.gz to Parquet",
      unit: "processor seconds",
      bars: ways.map(({ name }, index) => ({
        name,
        value: figures[index]?.processor.median ?? 0,
        isOurs: name.startsWith("this project"),
      })),
    },
  };
}

/** Runs a program that prints its processor time and memory. */
async function measured(command: string, args: readonly string[]): Promise<Figures> {
  const { exitCode, stdout, stderr, seconds } = await runProgram(command, args);
  if (exitCode !== 0) throw new Error(`${args.join(" ")} failed:\n${stderr}`);
  return { seconds, ...usage.parse(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")) };
}

interface Spreads {
  readonly seconds: Spread;
  readonly processor: Spread;
  readonly megabytes: Spread;
}

/** Runs all ways alternately, so that other load affects them equally. The first round is not counted. */
async function inTurn(ways: readonly Way[]): Promise<Spreads[]> {
  const runs = ways.map((): Figures[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, way] of ways.entries()) {
      const figures = await way.run();
      if (round > 0) runs[index]?.push(figures);
    }
  }
  return runs.map((all) => ({
    seconds: spread(all.map(({ seconds }) => seconds)),
    processor: spread(all.map(({ processorSeconds }) => processorSeconds)),
    megabytes: spread(all.map(({ megabytes }) => megabytes)),
  }));
}

function row(name: string, figures: Spreads | undefined): string[] {
  if (figures === undefined) return [name];
  return [
    name,
    spreadText(figures.processor, 2),
    spreadText(figures.seconds, 2),
    spreadText(figures.megabytes, 0),
  ];
}

/** Compares minimums, because other load only adds to the time. */
function verdicts([ours, dirty, polars]: readonly Spreads[], hasPeers: boolean): string[] {
  if (ours === undefined || dirty === undefined) return [];
  const line = (what: string, found: number, most: number) =>
    `${found <= most ? "met   " : "missed"}  ${what}: ${found.toFixed(2)}, at most ${most}`;
  return [
    ...(hasPeers && polars !== undefined
      ? [
          line(
            "processor time relative to polars",
            ours.processor.min / polars.processor.min,
            bars.processor,
          ),
          line("time relative to polars", ours.seconds.min / polars.seconds.min, bars.clock),
        ]
      : []),
    line(
      "processor time with bad rows relative to none",
      dirty.processor.min / ours.processor.min,
      bars.withBadRows,
    ),
    line("peak MB", Math.max(ours.megabytes.max, dirty.megabytes.max), bars.megabytes),
  ];
}
