import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../../programs/program";

/** One of the compared ways to do the same work, as a command of Node.js. */
export interface Way {
  readonly name: string;
  /** The script and its arguments. */
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** Measurements of a way. */
export interface Figures {
  readonly seconds: Spread;
  /** Peak memory of the largest process, in MB (10^6 bytes). */
  readonly megabytes: Spread;
}

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Runs all ways alternately, so that other load on the machine affects all of them equally. The first run of each is a
 * warm-up and is not counted.
 *
 * @throws Error with the output of the command, when one fails
 */
export async function measured(ways: readonly Way[], rounds: number): Promise<Figures[]> {
  const runs = ways.map((): Run[] => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [index, way] of ways.entries()) {
      const run = await once(way);
      if (round > 0) runs[index]?.push(run);
    }
  }
  return runs.map((all) => ({
    seconds: spread(all.map(({ seconds }) => seconds)),
    megabytes: spread(all.map(({ megabytes }) => megabytes)),
  }));
}

interface Run {
  readonly seconds: number;
  readonly megabytes: number;
}

/**
 * Every Node.js process of the command writes its peak memory, in KiB, to a file. On Linux it is read from /proc,
 * because maxRSS includes the memory of the parent process at the time of the fork.
 */
const writePeak = `
const { readFileSync, writeFileSync } = require("node:fs");
process.on("exit", () => {
  let peak = process.resourceUsage().maxRSS;
  try {
    peak = /VmHWM:\\s+(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1];
  } catch {}
  writeFileSync(require("node:path").join(process.env.BENCH_PEAKS, String(process.pid)), String(peak));
});
`;

async function once({ name, args, env = {} }: Way): Promise<Run> {
  const peaks = mkdtempSync(join(tmpdir(), "bench-"));
  const hook = join(peaks, "hook.cjs");
  writeFileSync(hook, writePeak);
  try {
    const { exitCode, stdout, stderr, seconds } = await runProgram(process.execPath, args, {
      env: { ...process.env, ...env, BENCH_PEAKS: peaks, NODE_OPTIONS: `--require ${hook}` },
    });
    if (exitCode !== 0) throw new Error(`${name} failed:\n${stdout}\n${stderr}`);
    const kibibytes = readdirSync(peaks)
      .filter((file) => /^\d+$/.test(file))
      .map((file) => Number(readFileSync(join(peaks, file), "utf8")));
    return { seconds, megabytes: (Math.max(...kibibytes) * 1024) / 1e6 };
  } finally {
    rmSync(peaks, { recursive: true });
  }
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  const half = sorted.length / 2;
  return {
    median: Number.isInteger(half) ? (at(half - 1) + at(half)) / 2 : at(Math.floor(half)),
    min: at(0),
    max: at(sorted.length - 1),
  };
}

/** `0.42 (0.40-0.45)` */
export function spreadText({ median, min, max }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${min.toFixed(digits)}-${max.toFixed(digits)})`;
}
