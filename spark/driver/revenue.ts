import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { datasetPrefix, revenueSources } from "../../dataset";
import type { Cleanups } from "../../job/cleanups";
import { openEngine } from "../../job/engine/engine";
import { asFailure, Failure } from "../../job/failure";
import type { Home } from "../../job/home";
import { installSpark, type Spark, sparkPackages } from "./environment";
import { type Loaded, loadMonths } from "./load";
import type { MonthRange } from "./months";
import type { Progress } from "./progress";
import { publishMonths } from "./publish";
import { runSparkProgram } from "./run-program";

export interface RevenueRequest {
  readonly home: Home;
  /** The months to replace. @default - all */
  readonly range?: MonthRange;
  /** Memory of Spark, in the form of Java: `1g`. */
  readonly memory: string;
}

/** What a run did. */
export interface RevenueResult extends Loaded {
  /** Seconds of Spark, with its start. */
  readonly sparkSeconds: number;
  readonly seconds: number;
}

/**
 * Computes the revenue by zone, month and service from the lake of a home, and replaces these months in the lake and in
 * the warehouse. The warehouse is held all the time, so that the lake does not change meanwhile.
 *
 * @throws Failure when Spark cannot be installed, the lake has no trips, or Spark fails; before anything is written
 */
export async function revenue(
  request: RevenueRequest,
  progress: Progress,
  cleanups: Cleanups,
): Promise<RevenueResult> {
  const started = performance.now();
  requireTrips(request.home);
  const spark = await sparkIn(progress);
  const engine = await openEngine(request.home.warehouse, (holder) => {
    progress.line(`${request.home.folder} is in use by ${holder}: waiting until that process has finished`);
  });
  try {
    const sparkStarted = performance.now();
    const draft = await compute(spark, request, progress, cleanups);
    const sparkSeconds = (performance.now() - sparkStarted) / 1000;
    const files = await publishMonths(draft, request.home.lake, request.range === undefined);
    const loaded = await loadMonths(engine.connection, files, request.range);
    return { ...loaded, sparkSeconds, seconds: (performance.now() - started) / 1000 };
  } catch (error) {
    throw asFailure(error, "the revenue");
  } finally {
    // What cannot be removed now, the next run removes.
    await removeScratch(request.home).catch(() => undefined);
    engine.close();
  }
}

function requireTrips({ lake }: Home): void {
  const isThere = (dataset: string) => existsSync(join(lake, datasetPrefix("raw", dataset)));
  const { trips, zones } = revenueSources;
  const missing = trips.some(isThere) ? (isThere(zones) ? undefined : zones) : trips.join(" or ");
  if (missing !== undefined)
    throw new Failure(
      "permanent",
      `${lake} does not have ${missing}: ingest it first, see npm run ingest -- run --help`,
    );
}

async function sparkIn(progress: Progress): Promise<Spark> {
  const installing = `Installing ${sparkPackages.title}: 300 MB from PyPI, done once`;
  const installed = await progress.during(installing, installSpark());
  if (installed.kind === "there") return installed.spark;
  throw new Failure("permanent", installed.reason);
}

function scratchOf(home: Home): string {
  return join(home.scratch, "revenue");
}

/** Repeats it while a Spark that outlived a killed run still writes there. */
function removeScratch(home: Home): Promise<void> {
  return rm(scratchOf(home), { recursive: true, force: true, maxRetries: 5 });
}

/**
 * Runs the program. It writes to a draft of this run: a Spark that outlives a killed run writes to its own.
 *
 * @returns the folder of the draft
 */
async function compute(
  spark: Spark,
  { home, range, memory }: RevenueRequest,
  progress: Progress,
  cleanups: Cleanups,
): Promise<string> {
  await removeScratch(home);
  const scratch = join(scratchOf(home), randomUUID());
  const draft = join(scratch, "draft");
  const args = ["--lake", withoutPatterns(resolve(home.lake)), "--output", resolve(draft)];
  if (range !== undefined) args.push("--from", range.from, "--to", range.to);
  const program = { file: join("spark", "revenue.py"), args, memory, scratch, onLine: progress.line };
  await progress.during("Spark computes the revenue", runSparkProgram(spark, program, cleanups));
  return draft;
}

/** Spark reads paths as patterns. */
function withoutPatterns(path: string): string {
  return path.replace(/[*?[\]{}\\]/g, "\\$&");
}
