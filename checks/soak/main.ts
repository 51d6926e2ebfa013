/**
 * `npm run soak [-- points]`: repeatedly kills the ingest job at random points, on a local home, and ingests a range of
 * 24 months twice. Another run must always have the same result as a run without interruptions. `npm run test:slow`
 * contains a short form of the first.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { chmod, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exitCodes, Period } from "../../dataset";
import { conclude, type Verdict } from "../verdict";
import { contentsOf, runJob } from "./job";
import { month } from "./month";

const rows = 20_000;

void conclude(async () => {
  const points = Number(process.argv[2] ?? 200);
  const folder = mkdtempSync(join(tmpdir(), "soak-"));
  // Postgres may run as another account, which must be able to traverse the folder.
  await chmod(folder, 0o755);
  try {
    return [await killed(join(folder, "killed"), points), await inARow(join(folder, "row"))];
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});

/** Kills a run that replaces a month with another version after a random time, then runs the same command again. */
async function killed(folder: string, points: number): Promise<Verdict> {
  await mkdir(folder, { recursive: true });
  const source = join(folder, "2019-01.csv");
  const versions = [month("2019-01", rows, 1), month("2019-01", rows, 2)];
  const args = [...["--period", "2019-01"], ...["--source", join(folder, "{period}.csv")]];
  const expected = [];
  let longest = 0;
  for (const [index, text] of versions.entries()) {
    writeFileSync(source, text);
    const home = join(folder, `never-killed-${index}`);
    const started = performance.now();
    await runJob([...args, "--home", home]);
    longest = Math.max(longest, performance.now() - started);
    expected.push(await contentsOf(home));
  }
  const home = join(folder, "home");
  let [kills, faults] = [0, 0];
  for (let point = 0; point < points; point += 1) {
    const version = point % 2;
    writeFileSync(source, versions[version] ?? "");
    const delay = Math.random() * longest;
    const { signal } = await runJob([...args, "--home", home], delay);
    if (signal === "SIGKILL") kills += 1;
    const again = await runJob([...args, "--home", home]);
    const found = await contentsOf(home);
    if (again.code === exitCodes.done.code && found === expected[version]) continue;
    faults += 1;
    process.stdout.write(
      `after ${delay.toFixed(0)} ms: exit ${String(again.code)} ${again.stderr}\n${found}\nexpected\n${expected[version] ?? ""}\n`,
    );
  }
  process.stdout.write(`${points} points, ${kills} kills, ${faults} differences\n`);
  return faults === 0 ? "passed" : "failed";
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
