import { existsSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { DatasetSpec } from "../../dataset";
import { ConfigurationError } from "../../errors/faults";
import type { Cleanups } from "../../job/cleanups";
import { allSpecs, specificationsFrom } from "../../job/commands/dataset";
import { type Engine, openEngine } from "../../job/engine/engine";
import { Failure } from "../../job/failure";
import type { Home } from "../../job/home";
import { countText } from "../../job/text";
import { prepareWarehouse } from "../../job/warehouse/duckdb-schema";
import { cache } from "../../programs/cache";
import { installPython } from "../../programs/python";
import { type DbtEnded, runDbt, targetFolder } from "./dbt";
import { dbtPackages } from "./environment";
import { failureOf, type TransformSummary } from "./outcome";
import { type BuildPlan, planOf, readState, recordBuild, type State } from "./plan";
import type { Progress } from "./progress";
import { projectDigest, type ProjectFile, projectFiles } from "./project";
import { daysOf } from "./requested-periods";
import { sourceColumnFaults, usedDatasets } from "./source-columns";

export interface TransformRequest {
  readonly command: TransformSummary["command"];
  readonly home: Home;
  /** Labels of periods. @default - those that have changed */
  readonly periods?: readonly string[];
  readonly fullRefresh: boolean;
}

/**
 * Runs the dbt project on the warehouse of a home.
 *
 * @throws Failure when the project does not match the catalog, Python is missing, or dbt fails as a whole; before
 *   anything is written, except for the last
 */
export async function transform(
  request: TransformRequest,
  progress: Progress,
  cleanups: Cleanups,
): Promise<TransformSummary> {
  const started = performance.now();
  const specs = await allSpecs(specificationsFrom(process.env), progress.line);
  const catalog = new Map(specs.map((spec) => [spec.id, spec]));
  const files = projectFiles();
  const faults = sourceColumnFaults(files, catalog);
  if (faults.length > 0) throw new ConfigurationError("transform", faults);
  const days = request.periods && daysOf(request.periods, catalog, usedDatasets(files));
  if (!existsSync(request.home.warehouse))
    throw new Failure(
      "permanent",
      `${request.home.warehouse} does not exist: ingest a data set first, see npm run ingest -- run --help`,
    );
  const run: Run = { request, days, catalog, files, progress, cleanups, python: await dbtIn(progress) };
  // Two runs of dbt would overwrite each other's artifacts.
  const done = await whileOpen(join(request.home.transform, "lock.duckdb"), run, () =>
    request.command === "build" ? build(run) : inspect(run),
  );
  return { ...done, command: request.command, seconds: (performance.now() - started) / 1000 };
}

/** What all parts of a run need. */
interface Run {
  readonly request: TransformRequest;
  readonly days: readonly string[] | undefined;
  readonly catalog: ReadonlyMap<string, DatasetSpec>;
  readonly files: readonly ProjectFile[];
  readonly progress: Progress;
  readonly cleanups: Cleanups;
  readonly python: string;
}

type Done = Omit<TransformSummary, "command" | "seconds">;

async function dbtIn(progress: Progress): Promise<string> {
  const installed = await installPython(cache, dbtPackages, (done, total) => {
    if (done === 1) progress.line(`Installing ${dbtPackages.title} into ${cache}. This is done once.`);
    progress.installing(done, total);
  });
  progress.close();
  if (installed.kind === "there") return installed.place.python;
  throw new Failure("permanent", `${installed.title} cannot be installed: ${installed.reason}`);
}

async function build(run: Run): Promise<Done> {
  for (;;) {
    const { plan, state } = await prepared(run);
    if (plan.kind === "nothing") {
      run.progress.line("Nothing has changed since the last build.");
      return { ...summaryOf([]), periods: [], changed: false };
    }
    run.progress.line(planText(plan));
    const args = plan.kind === "all" ? ["build", "--full-refresh"] : ["build"];
    const ended = await dbt(run, args, plan.days);
    // Another process has opened the warehouse in the meantime: wait for it, and look again at what has changed.
    if (ended === "locked") continue;
    const done = { ...summaryOf(ended.results ?? []), periods: periodsOf(plan), changed: true };
    const error = failureOf(ended.results ?? []);
    if (error !== undefined) return { ...done, error: errorOf(error) };
    if (ended.exitCode !== 0 || ended.results === undefined) throw crashed(ended);
    await withEngine(run, ({ connection }) => recordBuild(connection, plan, state, requestOf(run)));
    return done;
  }
}

/** Runs the tests, or writes the documentation. */
async function inspect(run: Run): Promise<Done> {
  const { command, home } = run.request;
  const args = command === "docs" ? ["docs", "generate", "--static"] : ["test"];
  for (;;) {
    const { plan } = await prepared(run);
    if (plan.kind !== "nothing" && run.days === undefined)
      run.progress.line("The models do not contain all of raw yet: run npm run transform -- build");
    const ended = await dbt(run, args, run.days ?? []);
    if (ended === "locked") continue;
    const results = command === "docs" ? [] : (ended.results ?? []);
    const done = { ...summaryOf(results), periods: run.days ?? null, changed: false };
    const error = failureOf(results);
    if (error !== undefined) return { ...done, error: errorOf(error) };
    if (ended.exitCode !== 0) throw crashed(ended);
    if (command === "docs") {
      await copyFile(join(targetFolder(home.transform), "static_index.html"), docsFile(home));
      run.progress.line(`Wrote ${docsFile(home)}.`);
    }
    return done;
  }
}

/** The documentation of all models as one page. */
function docsFile(home: Home): string {
  return join(home.transform, "docs.html");
}

/** Creates the tables of data sets that are not ingested yet, empty, and decides what to build. */
function prepared(run: Run): Promise<{ readonly plan: BuildPlan; readonly state: State }> {
  return withEngine(run, async ({ connection }) => {
    const datasets = usedDatasets(run.files);
    for (const id of datasets) {
      const spec = run.catalog.get(id);
      if (spec !== undefined) await prepareWarehouse(connection, spec, false);
    }
    const tables = run.files.flatMap(({ path }) => /models\/core\/(\w+)\.sql$/.exec(path)?.[1] ?? []);
    const state = await readState(connection, datasets, tables);
    return { plan: planOf(state, requestOf(run)), state };
  });
}

function requestOf({ catalog, files, days, request }: Run) {
  return { catalog, digest: projectDigest(files), fullRefresh: request.fullRefresh, ...(days && { days }) };
}

async function dbt(
  run: Run,
  args: readonly string[],
  periods: readonly string[],
): Promise<DbtEnded | "locked"> {
  const { home } = run.request;
  const ended = await runDbt(
    {
      python: run.python,
      args,
      target: "laptop",
      folder: home.transform,
      environment: { WAREHOUSE_FILE: resolve(home.warehouse) },
      periods,
    },
    run.progress.node,
    run.cleanups,
  );
  run.progress.close();
  return isLocked(ended) ? "locked" : ended;
}

/** Lends the warehouse to `work`. */
function withEngine<Result>(run: Run, work: (engine: Engine) => Promise<Result>): Promise<Result> {
  return whileOpen(run.request.home.warehouse, run, work);
}

/**
 * Opens a DuckDB file while `work` runs. Waits, as ingest does, while another process has it open; the operating system
 * releases the lock when that process ends, however it ends.
 */
async function whileOpen<Result>(
  file: string,
  { request, progress }: Run,
  work: (engine: Engine) => Promise<Result>,
): Promise<Result> {
  const engine = await openEngine(file, (holder) => {
    progress.line(`${request.home.folder} is in use by ${holder}: waiting until that process has finished`);
  });
  try {
    return await work(engine);
  } finally {
    engine.close();
  }
}

function isLocked({ errors }: DbtEnded): boolean {
  return errors.some((text) => /could not set lock|conflicting lock/i.test(text));
}

function crashed({ exitCode, errors }: DbtEnded): Failure {
  const said = errors.length > 0 ? errors.join("\n") : "it gave no reason";
  return new Failure("permanent", `dbt failed with exit code ${exitCode}: ${said}`);
}

function errorOf({ kind, exitCode, message }: { kind: string; exitCode: number; message: string }) {
  return { kind, exitCode, message };
}

function summaryOf(results: NonNullable<DbtEnded["results"]>): Pick<Done, "failures" | "models" | "tests"> {
  const tests = results.filter(({ kind }) => kind === "test");
  const count = (...statuses: readonly string[]) =>
    tests.filter(({ status }) => statuses.includes(status)).length;
  return {
    models: results.filter(({ kind }) => kind === "model"),
    tests: { passed: count("passed"), warned: count("warned"), failed: count("failed", "error") },
    failures: results.filter(({ status }) => status !== "passed" && status !== "skipped"),
  };
}

function periodsOf(plan: BuildPlan): readonly string[] | null {
  return plan.kind === "periods" ? plan.days : null;
}

function planText(plan: Exclude<BuildPlan, { kind: "nothing" }>): string {
  if (plan.kind === "all") return `Building all periods: ${plan.reason}.`;
  const [first = "", last = first] = [plan.days.at(0), plan.days.at(-1)];
  return `Building ${countText(plan.days.length, "period")}: ${first === last ? first : `${first} to ${last}`}.`;
}
