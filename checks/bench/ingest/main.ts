/**
 * `npm run bench:ingest [-- --write]`: compares the ingest job with what others do the same work with, in one run.
 * `--write` puts the tables and a chart into the README.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { barChart } from "../chart";
import { benchDatabase } from "../database";
import { runProgram } from "../../../programs/program";
import { type Section, sectionMarkdown, sectionText } from "../section";
import { benchConversion } from "./ingest";
import { writeMonth } from "./month";
import { benchMonths } from "./months";

const rowCount = 1_370_000;
const chartFile = "docs/images/ingest-speed.svg";
const [begin, end] = ["<!-- bench:ingest -->", "<!-- /bench:ingest -->"] as const;

async function main(args: readonly string[]): Promise<void> {
  const unknown = args.find((arg) => arg !== "--write");
  if (unknown !== undefined)
    throw new Error(`unknown argument ${unknown}; usage: npm run bench:ingest [-- --write]`);
  const folder = mkdtempSync(join(tmpdir(), "bench-ingest-"));
  try {
    const [clean, dirty] = [join(folder, "clean.csv.gz"), join(folder, "dirty.csv.gz")];
    await writeMonth(clean, rowCount, 0);
    await writeMonth(dirty, rowCount, 1_000);
    const benches = [
      () => benchConversion(folder, clean, dirty),
      () => benchDatabase(rowCount),
      () => benchMonths(clean),
    ];
    process.stdout.write(`${machine()}\n\n`);
    const sections: Section[] = [];
    for (const bench of benches) {
      const section = await bench();
      process.stdout.write(`${sectionText(section)}\n\n`);
      sections.push(section);
    }
    if (args.includes("--write")) await writePages(sections);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function machine(): string {
  const rows = rowCount.toLocaleString("en-US");
  return `A month of ${rows} rows on ${availableParallelism()} cores with ${Math.round(totalmem() / 1e9)} GB of memory; median (minimum-maximum) of several rounds`;
}

async function writePages(sections: readonly Section[]): Promise<void> {
  writeFileSync(chartFile, barChart(sections.map(({ chart }) => chart)));
  const page = readFileSync("README.md", "utf8");
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`README.md must contain ${begin} and ${end}`);
  const text = [
    page.slice(0, from + begin.length),
    `![How long the ingest takes beside other programs](${chartFile})`,
    `${machine()}.`,
    ...sections.map(sectionMarkdown),
    page.slice(to),
  ].join("\n\n");
  writeFileSync("README.md", text);
  await runProgram(process.execPath, ["node_modules/prettier/bin/prettier.cjs", "--write", "README.md"]);
  process.stdout.write(`Wrote README.md and ${chartFile}.\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
