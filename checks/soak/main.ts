/**
 * `npm run soak [-- <part> [number]]`: the long forms of tests, in six parts, or all of them.
 *
 * - `kills`: kills and stops the job by turns at random points (200) on a local home; a stopped run must say so, and
 *   another run must have the result of a run without interruptions
 * - `months`: ingests 24 months twice; the second time, nothing is written
 * - `faults`: kills at each boundary, at random points (200) in the emulated cloud, and the faults of sources and clouds
 * - `transform`: kills the dbt project at random points (20); a build must then have the result of one from nothing
 * - `stream`: kills the sink and the broker between every two steps; each ride must be there once
 * - `fuzz`: random CSV, gzip and Parquet values and HTTP servers (2,000 of each) from a random seed, which is printed
 */
import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { chmod, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exitCodes, Period } from "../../dataset";
import { runProgram } from "../../programs/program";
import { conclude, type Verdict } from "../verdict";
import { contentsOf, type Ended, runJob } from "./job";
import { month } from "./month";

const rows = 20_000;

const parts: Readonly<Record<string, (folder: string, count: number | undefined) => Promise<Verdict>>> = {
  kills: (folder, count = 200) => killed(folder, count),
  months: inARow,
  faults: (_, count = 200) =>
    jest(["job/cloud/.*\\.(slow|soak)", "job/integration/(kill|together|full-disk)\\.slow"], {
      SOAK_POINTS: String(count),
    }),
  transform: (_, count = 20) => jest(["transform/laptop\\.slow"], { SOAK_KILLS: String(count) }),
  stream: () => jest(["streaming/.*\\.slow"], { STREAM_POINTS: "all" }),
  fuzz: (_, count = 2_000) => {
    const seed = randomInt(1_000_000);
    process.stdout.write(`FUZZ_SEED=${seed} FUZZ_RUNS=${count}\n`);
    return jest(["job/source/(csv-values|gzip|http-fuzz)\\.test", "job/engine/parquet-values\\.test"], {
      FUZZ_SEED: String(seed),
      FUZZ_RUNS: String(count),
    });
  },
};

void conclude(async () => {
  const [part, count] = process.argv.slice(2);
  if (part !== undefined && !(part in parts))
    throw new Error(`part "${part}" does not exist; available parts: ${Object.keys(parts).join(", ")}`);
  const folder = mkdtempSync(join(tmpdir(), "soak-"));
  // Postgres may run as another account, which must be able to traverse the folder.
  await chmod(folder, 0o755);
  try {
    const verdicts: Verdict[] = [];
    for (const [name, run] of Object.entries(parts)) {
      if (part !== undefined && part !== name) continue;
      verdicts.push(await run(join(folder, name), count === undefined ? undefined : Number(count)));
    }
    return verdicts;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});

/** Runs test files, given as patterns of their paths, with time for a loaded machine. */
async function jest(patterns: readonly string[], env: Readonly<Record<string, string>>): Promise<Verdict> {
  const options = [
    "--testMatch",
    "**/*.(test|slow|soak).ts",
    "--maxWorkers",
    "1",
    "--testTimeout",
    "3600000",
  ];
  const { exitCode, stdout, stderr } = await runProgram(
    process.execPath,
    ["node_modules/jest/bin/jest.js", ...options, ...patterns],
    { env: { ...process.env, ...env } },
  );
  process.stdout.write(`${stdout}${stderr}\n`);
  return exitCode === 0 ? "passed" : "failed";
}

/** Kills a run that replaces a month with another version after a random time, then runs the same command again. */
async function killed(folder: string, points: number): Promise<Verdict> {
  await mkdir(folder, { recursive: true });
  const source = join(folder, "2019-01.csv");
  const versions = [month("2019-01", rows, 1), month("2019-01", rows, 2)];
  const args = [...["--period", "2019-01"], ...["--source", join(folder, "{period}.csv")]];
  const expected = [];
  let shortest = Infinity;
  for (const [index, text] of versions.entries()) {
    writeFileSync(source, text);
    const home = join(folder, `never-killed-${index}`);
    const started = performance.now();
    await runJob([...args, "--home", home]);
    shortest = Math.min(shortest, performance.now() - started);
    expected.push(await contentsOf(home));
  }
  const home = join(folder, "home");
  let [kills, stops, faults] = [0, 0, 0];
  for (let point = 0; point < points; point += 1) {
    const version = point % 2;
    writeFileSync(source, versions[version] ?? "");
    const interruption = {
      signal: point % 4 < 2 ? ("SIGKILL" as const) : ("SIGTERM" as const),
      after: Math.random() * shortest,
    };
    const first = await runJob([...args, "--home", home], interruption);
    if (first.signal === "SIGKILL") kills += 1;
    if (first.code === 143) stops += 1;
    const again = await runJob([...args, "--home", home]);
    const found = await contentsOf(home);
    if (endedWell(first) && again.code === exitCodes.done.code && found === expected[version]) continue;
    faults += 1;
    process.stdout.write(
      `${interruption.signal} after ${interruption.after.toFixed(0)} ms: exit ${String(first.code)} ${first.stderr}\n` +
        `then exit ${String(again.code)} ${again.stderr}\n${found}\nexpected\n${expected[version] ?? ""}\n`,
    );
  }
  process.stdout.write(`${points} points, ${kills} kills, ${stops} stops, ${faults} faults\n`);
  return faults === 0 ? "passed" : "failed";
}

/** Whether a run ended before the signal, by the signal before it had started, or stopped and said just that. */
function endedWell({ code, signal, stderr }: Ended): boolean {
  if (code === 143) return stderr === "stopped by SIGTERM; run the same command again to continue\n";
  return signal !== null || (code === exitCodes.done.code && stderr === "");
}

/** Ingests 24 months twice; the second run writes nothing. */
async function inARow(folder: string): Promise<Verdict> {
  await mkdir(folder, { recursive: true });
  const periods = Period.range(Period.parse("month", "2019-01"), Period.parse("month", "2020-12"));
  periods.forEach(({ label }, seed) => {
    writeFileSync(join(folder, `${label}.csv`), month(label, rows, seed));
  });
  const range = ["--from", "2019-01", "--to", "2020-12", "--source", join(folder, "{period}.csv")];
  const home = join(folder, "home");
  const first = await runJob([...range, "--home", home]);
  const before = await contentsOf(home);
  const second = await runJob([...range, "--home", home]);
  const unchanged = (second.stdout.match(/"changed":false/g) ?? []).length;
  const isSame = (await contentsOf(home)) === before;
  const isRight =
    first.code === exitCodes.done.code &&
    second.code === exitCodes.done.code &&
    isSame &&
    !second.stdout.includes('"changed":true');
  process.stdout.write(`24 months twice: ${unchanged} steps and periods unchanged in the second run\n`);
  if (!isRight) process.stdout.write(`${first.stderr}${second.stderr}\n`);
  return isRight ? "passed" : "failed";
}
