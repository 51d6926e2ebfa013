import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Period } from "../dataset";
import { writeWhole } from "../job/files";
import { Home } from "../job/home";
import { FolderLake } from "../job/lake/folder-lake";
import { readManifest } from "../job/lake/manifest";
import type { RunSummary } from "../job/run-summary";
import type { Report } from "../preview/report";
import { runTable } from "../job/report/tables";
import { bytesText } from "../job/text";
import green from "./catalog/green_tripdata";
import zones from "./catalog/taxi_zones";
import yellow from "./catalog/yellow_tripdata";
import { answersText, chapter, line, placesText } from "./announce";
import { runCommand } from "./child";
import { checksOf, periodRejects, periodRows, stepBars, type PeriodFacts } from "./collect";
import { TourFailure } from "./failure";
import { ingest } from "./ingest";
import { readPeriod } from "./lake";
import { previewOfAdding, previewText, synthesizeOther, writePreview } from "./preview";
import { buildModels } from "./models";
import { ask, countRows, questions } from "./questions";
import { buildPage } from "./report/build";
import type { NextStep, Place, ReportData } from "./report/data";
import { renderReport } from "./report/render";
import { samplePeriods } from "./sample/month";
import { writeGreenMonth, writeMonth, writeZones, type SampleFile } from "./sample/write";
import { serve } from "./serve";

const dataset = yellow.id;
const greenDataset = green.id;
const zonesDataset = zones.id;
const home = new Home(".tributary");
const sampleFolder = join(home.folder, "sample");
const reportFile = join(home.folder, "report", "index.html");
const previewFile = join(home.folder, "report", "preview.html");

const places: readonly Place[] = [
  { what: "Report", path: reportFile },
  { what: "Preview of a change", path: previewFile, link: "preview.html" },
  { what: "Data lake", path: home.lake },
  { what: "Warehouse (DuckDB)", path: home.warehouse },
  { what: "Database (Postgres)", path: home.database },
  { what: "Sample files", path: sampleFolder },
  { what: "Terraform JSON", path: "cdktf.out" },
];

const next: readonly NextStep[] = [
  { what: "View the report", command: `open ${reportFile} in a browser` },
  { what: "Query the warehouse", command: "npm run ask -- 'SELECT count(*) FROM raw.yellow_tripdata'" },
  { what: "Build the models", command: "npm run transform -- build" },
  { what: "The same with Spark", command: "npm run spark -- revenue" },
  { what: "Stream rides through Kafka", command: "npm run stream -- demo" },
  { what: "See it in Airflow", command: "npm run airflow" },
  { what: "Connect to the database", command: "npm run ingest -- database" },
  { what: "List ingested periods", command: "npm run ingest -- status" },
  {
    what: "Backfill real months",
    command: "npm run ingest -- run --dataset green_tripdata --from 2019-01 --to 2019-03",
  },
  { what: "Add a file of your own", command: "npm run ingest -- draft <file>, see docs/first-hour.md" },
  { what: "Preview your changes", command: "npm run preview -- diff --env dev" },
  { what: "Learn more", command: "README.md" },
];

/**
 * Runs the whole platform on one machine: infrastructure, sample data, ingestion, queries, report, preview. Can be run
 * again: unchanged data is not written.
 *
 * @throws TourFailure with the part that failed and what to do
 */
export async function tour(): Promise<void> {
  const started = Date.now();
  await assertOnlySampleData();

  const preview = await chapter("1/7", "Synthesize the infrastructure of dev", synthesize);
  const sample = await chapter("2/7", "Generate three months of taxi trips", generateSample);
  await chapter("3/7", "Serve them over HTTP on this machine, and ingest them", () => ingestSample(sample));
  const answers = await chapter("4/7", "Query the warehouse", async () => {
    const found = await ask(home.warehouse);
    line(answersText(found));
    return found;
  });
  const models = await chapter("5/7", "Build and test the models in core", async () => {
    const built = await buildModels(home.folder);
    line(built.kind === "built" ? `✓ ${built.dashboard}` : built.reason);
    return built;
  });
  const found: readonly Place[] =
    models.kind === "built"
      ? [...places, { what: "Dashboard", path: models.dashboard, link: "dashboard.html" }]
      : places;
  const failed = await chapter("6/7", "Verify the results and write the report", async () => {
    const facts = await factsOf(sample.months);
    const data: ReportData = {
      writtenAt: new Date().toISOString(),
      checks: checksOf(facts),
      periods: periodRows(facts),
      steps: stepBars(facts),
      answers,
      questions,
      rejects: periodRejects(facts),
      places: found,
      next: next.slice(1),
    };
    await writeReport(renderReport(data, buildPage()));
    for (const { name, holds, detail } of data.checks) line(holds ? `✓ ${name}` : `✗ ${name} (${detail})`);
    return data.checks.filter((check) => !check.holds);
  });

  await chapter("7/7", `Preview the pull request that adds catalog/${dataset}.ts`, async () => {
    line(previewText(preview));
    await writePreview(preview, previewFile);
  });

  line(placesText(found, next, (Date.now() - started) / 1000));
  if (failed.length > 0) {
    throw new TourFailure(`${failed.length} of the checks failed; see ${reportFile}`, 3);
  }
}

interface Sample {
  readonly zones: SampleFile;
  /** Of yellow taxis. */
  readonly months: readonly SampleFile[];
  readonly green: readonly SampleFile[];
}

/** Protects real data in this home from being replaced with the sample. */
async function assertOnlySampleData(): Promise<void> {
  const lake = new FolderLake(home.lake);
  const replaced = [
    { id: zonesDataset, period: Period.once },
    ...[dataset, greenDataset].flatMap((id) => samplePeriods.map((period) => ({ id, period }))),
  ];
  for (const { id, period } of replaced) {
    const url = (await readManifest(lake, id, period))?.source.url;
    if (url !== undefined && !url.startsWith("http://127.0.0.1:")) {
      throw new TourFailure(
        `${home.folder} contains ${id} ${period.label} from ${url}, which the sample would replace. ` +
          `To keep it, rename the folder ${home.folder} and pass the new name with --home; otherwise delete the folder.`,
        1,
      );
    }
  }
}

/** Synthesizes dev with and without a data set, and compares them. */
async function synthesize(): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), "tributary-other-"));
  try {
    const other = synthesizeOther(yellow, folder);
    const both = [synthesizeDev(), other];
    // Both must have ended before the folder is deleted.
    await Promise.allSettled(both);
    await Promise.all(both);
    return (await other) === "without"
      ? previewOfAdding(dataset, folder, "cdktf.out")
      : previewOfAdding(dataset, "cdktf.out", folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function synthesizeDev(): Promise<void> {
  const { exitCode, lines } = await runCommand("scripts/synth.ts", [], { PLATFORM_ENV: "dev" });
  // Only one line per stack; the indented lines list resource types.
  for (const text of lines.filter((one) => exitCode !== 0 || /^\S/.test(one))) line(text);
  if (exitCode !== 0) {
    throw new TourFailure(
      `synthesis failed with exit code ${exitCode}; to run it alone: npm run synth`,
      exitCode,
    );
  }
}

async function generateSample(): Promise<Sample> {
  const zonesFile = await writeZones(sampleFolder);
  const months: SampleFile[] = [];
  const greenMonths: SampleFile[] = [];
  const written = (file: SampleFile) => {
    const rows = file.rows.toLocaleString("en-US");
    line(`${file.name}  ${rows} rows (${file.bad} invalid), ${bytesText(file.bytes)}`);
    return file;
  };
  for (const period of samplePeriods) months.push(written(await writeMonth(sampleFolder, period)));
  for (const period of samplePeriods) greenMonths.push(written(await writeGreenMonth(sampleFolder, period)));
  return { zones: zonesFile, months, green: greenMonths };
}

async function ingestSample(sample: Sample): Promise<void> {
  const server = await serve(sampleFolder, [sample.zones, ...sample.months, ...sample.green]);
  try {
    line(`${server.url}/`);
    const show = (summary: RunSummary) => {
      line(runTable(summary));
    };
    const source = `${server.url}/${sample.zones.name}`;
    show(await ingest({ spec: zones, source, home: home.folder }));
    const [first, last] = [samplePeriods.at(0), samplePeriods.at(-1)];
    if (first === undefined || last === undefined) return;
    for (const spec of [yellow, green]) {
      show(
        await ingest({
          spec,
          periods: { from: first.label, to: last.label },
          source: `${server.url}/${spec.id}_{period}.csv.gz`,
          home: home.folder,
        }),
      );
    }
  } finally {
    await server.close();
  }
}

async function factsOf(months: readonly SampleFile[]): Promise<PeriodFacts[]> {
  const counted = await countRows(home.warehouse, dataset);
  return Promise.all(
    samplePeriods.map(async (period, index) => {
      const file = months[index];
      if (file === undefined) throw new TourFailure(`the sample has no file for ${period.label}`, 1);
      const lake = await readPeriod(home.lake, dataset, period);
      return { file, lake, counted: counted.get(period.label) ?? 0 };
    }),
  );
}

async function writeReport(page: string): Promise<void> {
  await writeWhole(reportFile, (draft) => writeFile(draft, page), `${reportFile}.${process.pid}`);
}
