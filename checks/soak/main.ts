/**
 * `npm run soak [-- points]`: kills the ingest at random points, again and again, on a home of folders; and ingests
 * 24 months in a row twice. Whatever happened, a run again must leave exactly what a run without faults leaves.
 * The short form of both is in `npm test`.
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
  // Postgres runs under an account of its own, which must get through to its data.
  await chmod(folder, 0o755);
  try {
    return [await killed(join(folder, "killed"), points), await inARow(join(folder, "row"))];
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});

/** SIGKILL after a random time, while a month is replaced by its other version; then the same command again. */
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
      `after ${delay.toFixed(0)} ms: exit ${String(again.code)} ${again.stderr}\n${found}\nbut not\n${expected[version] ?? ""}\n`,
    );
  }
  process.stdout.write(`${points} points, ${kills} kills, ${faults} differences\n`);
  return faults === 0 ? "passed" : "failed";
}

/** 24 months in a row; the second time nothing is written. */
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
  process.stdout.write(`24 months twice: the second time ${unchanged} steps and periods unchanged\n`);
  if (!isRight) process.stdout.write(`${first.stderr}${second.stderr}\n`);
  return isRight ? "passed" : "failed";
}
