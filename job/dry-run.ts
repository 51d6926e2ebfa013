import { mkdir, rm } from "node:fs/promises";
import { withTemporary } from "./draft/arrival";
import { asFailure, type Failure } from "./failure";
import { Home } from "./home";
import type { RejectedRule } from "./records";
import { CloudClients } from "./cloud/clients";
import type { Reporter } from "./report/reporter";
import { contextOf, type RunRequest } from "./run";
import type { PeriodContext } from "./steps/context";
import { extract } from "./steps/extract";
import { lakeFileOf } from "./steps/lake-file";
import { parquetize } from "./steps/parquetize";
import { readSource } from "./steps/source-reading";
import { Steps } from "./steps/timing";

/** What a run of a period would publish and load. */
export interface DryPeriod {
  readonly period: string;
  readonly read: number;
  readonly rejected: number;
  readonly parquet: number;
  readonly rejects: readonly RejectedRule[];
}

/** What `ingest run --dry-run --json` prints. */
export interface DrySummary {
  readonly dryRun: true;
  readonly dataset: string;
  readonly periods: readonly DryPeriod[];
  readonly error?: { readonly kind: string; readonly exitCode: number; readonly message: string };
}

/**
 * Downloads, converts and verifies the sources of periods as a run does, in a temporary folder, and writes to no
 * destination. Like a run, it stops at the first period that fails.
 */
export async function dryRun(
  request: RunRequest,
  reporter: Reporter,
): Promise<{ readonly summary: DrySummary; readonly failure?: Failure }> {
  const { spec } = request;
  const periods: DryPeriod[] = [];
  let label = "";
  try {
    await withTemporary(async (engine, folder) => {
      const cloud = new CloudClients(request.endpoints);
      for (const period of request.periods) {
        label = period.label;
        const place = { ...request, home: new Home(folder) };
        const context = { ...contextOf({ run: request.run, period, cloud, reporter }, place), engine };
        await mkdir(context.scratch, { recursive: true });
        periods.push(await dryPeriod(context));
        await rm(context.scratch, { recursive: true, force: true });
      }
    });
    return { summary: { dryRun: true, dataset: spec.id, periods } };
  } catch (error) {
    const failure = asFailure(error).at(`${spec.id} ${label}`.trim());
    const { kind, exitCode, message } = failure;
    return {
      summary: { dryRun: true, dataset: spec.id, periods, error: { kind, exitCode, message } },
      failure,
    };
  }
}

async function dryPeriod(context: PeriodContext): Promise<DryPeriod> {
  const steps = new Steps(context);
  const extracted = await steps.run("extract", () => extract(context, undefined));
  if (extracted === "unchanged") throw new TypeError("a source without a known version cannot be unchanged");
  const reading = readSource(context, extracted);
  try {
    const drafts = await steps.run("parquetize", () => parquetize(context, extracted));
    const { parquet, rejects, rules } = drafts;
    await reading.check(await lakeFileOf(context, () => Promise.resolve(parquet.file)).fingerprint(), drafts);
    return {
      period: context.period.label,
      read: extracted.record.rows,
      rejected: rejects?.rows ?? 0,
      parquet: parquet.rows,
      rejects: rules,
    };
  } finally {
    reading.stop();
  }
}
