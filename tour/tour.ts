import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Period } from "../dataset";
import { writeWhole } from "../job/files";
import { Home } from "../job/home";
import { FolderLake } from "../job/lake/folder-lake";
import { readManifest } from "../job/lake/manifest";
import type { RunSummary } from "../job/run-summary";
import { runTable } from "../job/report/tables";
import { bytesText } from "../job/report/text";
import { answersText, chapter, line, placesText } from "./announce";
import { runCommand } from "./child";
import { checksOf, periodRejects, periodRows, stepBars, type PeriodFacts } from "./collect";
import { TourFailure } from "./failure";
import { ingest } from "./ingest";
import { readPeriod } from "./lake";
import { ask, countRows, questions } from "./questions";
import { buildPage } from "./report/build";
import type { NextStep, Place, ReportData } from "./report/data";
import { renderReport } from "./report/render";
import { samplePeriods } from "./sample/month";
import { writeMonth, writeZones, type SampleFile } from "./sample/write";
import { serve } from "./serve";

const dataset = "yellow_tripdata";
const zonesDataset = "taxi_zones";
const home = new Home(".tributary");
const sampleFolder = join(home.folder, "sample");
const reportFile = join(home.folder, "report", "index.html");

const places: readonly Place[] = [
  { what: "Report", path: reportFile },
  { what: "Data lake", path: home.lake },
  { what: "Warehouse (DuckDB)", path: home.warehouse },
  { what: "Database (Postgres)", path: home.database },
  { what: "Sample files", path: sampleFolder },
  { what: "Terraform JSON", path: "cdktf.out" },
];

const next: readonly NextStep[] = [
  { what: "Look at the report", command: `open ${reportFile} in a browser` },
  { what: "Ask the warehouse", command: "npm run ask -- 'SELECT count(*) FROM raw.yellow_tripdata'" },
  { what: "Use the database", command: "npm run ingest -- database" },
  { what: "See what is ingested", command: "npm run ingest -- status" },
  {
    what: "Backfill real months",
    command: "npm run ingest -- run --dataset green_tripdata --from 2019-01 --to 2019-03",
  },
  { what: "Add a data set", command: "put a file into catalog/, then npm run synth" },
  { what: "Read on", command: "README.md" },
];

/**
 * Shows the whole platform on one machine: infrastructure, sample data, ingestion, questions, report. Safe to run
 * again: what has not changed is not written.
 *
 * @throws TourFailure saying which part failed and what to do
 */
export async function tour(): Promise<void> {
  const started = Date.now();
  await refuseToReplace();

  await chapter("1/5", "Synthesize the infrastructure of dev", synthesize);
  const sample = await chapter("2/5", "Make up three months of taxi trips", makeSample);
  await chapter("3/5", "Serve them over HTTP on this machine and ingest them", () => ingestSample(sample));
  const answers = await chapter("4/5", "Ask the warehouse", async () => {
    const found = await ask(home.warehouse);
    line(answersText(found));
    return found;
  });
  const failed = await chapter("5/5", "Check everything and write the report", async () => {
    const facts = await factsOf(sample.months);
    const data: ReportData = {
      writtenAt: new Date().toISOString(),
      checks: checksOf(facts),
      periods: periodRows(facts),
      steps: stepBars(facts),
      answers,
      questions,
      rejects: periodRejects(facts),
      places,
      next: next.slice(1),
    };
    await writeReport(renderReport(data, buildPage()));
    for (const { name, holds, detail } of data.checks) line(holds ? `✓ ${name}` : `✗ ${name} (${detail})`);
    return data.checks.filter((check) => !check.holds);
  });

  line(placesText(places, next, (Date.now() - started) / 1000));
  if (failed.length > 0) {
    throw new TourFailure(`${failed.length} of the checks failed: see ${reportFile}`, 3);
  }
}

interface Sample {
  readonly zones: SampleFile;
  readonly months: readonly SampleFile[];
}

/** Somebody may have ingested real data into this home; the sample must not take its place unasked. */
async function refuseToReplace(): Promise<void> {
  const lake = new FolderLake(home.lake);
  const replaced = [
    { id: zonesDataset, period: Period.once },
    ...samplePeriods.map((period) => ({ id: dataset, period })),
  ];
  for (const { id, period } of replaced) {
    const url = (await readManifest(lake, id, period))?.source.url;
    if (url !== undefined && !url.startsWith("http://127.0.0.1:")) {
      throw new TourFailure(
        `${home.folder} holds ${id} ${period.label} from ${url}, which the sample would replace. ` +
          `Rename the folder ${home.folder} to keep it (the ingest command finds it with --home), or delete it.`,
        1,
      );
    }
  }
}

async function synthesize(): Promise<void> {
  const { exitCode, lines } = await runCommand("scripts/synth.ts", [], { PLATFORM_ENV: "dev" });
  // One line a stack; the types of its resources, further in, are for those who ask.
  for (const text of lines.filter((one) => exitCode !== 0 || /^\S/.test(one))) line(text);
  if (exitCode !== 0) {
    throw new TourFailure(
      `synthesis stopped with exit code ${exitCode}; try it alone: npm run synth`,
      exitCode,
    );
  }
}

async function makeSample(): Promise<Sample> {
  const zones = await writeZones(sampleFolder);
  const months: SampleFile[] = [];
  for (const period of samplePeriods) {
    const file = await writeMonth(sampleFolder, period);
    line(
      `${file.name}  ${file.rows.toLocaleString("en-US")} rows, ${file.bad} of them broken, ${bytesText(file.bytes)}`,
    );
    months.push(file);
  }
  return { zones, months };
}

async function ingestSample({ zones, months }: Sample): Promise<void> {
  const server = await serve(sampleFolder, [zones, ...months]);
  try {
    line(`${server.url}/`);
    const show = (summary: RunSummary) => {
      line(runTable(summary));
    };
    show(await ingest({ dataset: zonesDataset, source: `${server.url}/${zones.name}`, home: home.folder }));
    const [first, last] = [samplePeriods.at(0), samplePeriods.at(-1)];
    if (first === undefined || last === undefined) return;
    show(
      await ingest({
        dataset,
        periods: { from: first.label, to: last.label },
        source: `${server.url}/yellow_tripdata_{period}.csv.gz`,
        home: home.folder,
      }),
    );
  } finally {
    await server.close();
  }
}

async function factsOf(months: readonly SampleFile[]): Promise<PeriodFacts[]> {
  const counted = await countRows(home.warehouse, dataset);
  return Promise.all(
    samplePeriods.map(async (period, index) => {
      const file = months[index];
      if (file === undefined) throw new TourFailure(`the sample has no file of ${period.label}`, 1);
      const lake = await readPeriod(home.lake, dataset, period);
      return { file, lake, counted: counted.get(period.label) ?? 0 };
    }),
  );
}

async function writeReport(page: string): Promise<void> {
  await writeWhole(reportFile, (draft) => writeFile(draft, page), `${reportFile}.${process.pid}`);
}
