import { randomBytes } from "node:crypto";
import { formatOf, sourceUrl, type DatasetSpec, type Period } from "../dataset";
import type { Cleanups } from "./cleanups";
import { asFailure, type Failure } from "./failure";
import { checkDestinations } from "./destinations";
import { type Fetched, fetchPeriod, ingestPeriod, leaveScratch, type PeriodOptions } from "./ingest-period";
import type { Engine } from "./engine/engine";
import type { PeriodSummary, RunSummary } from "./run-summary";
import type { Reporter } from "./report/reporter";
import { fileName, locate } from "./source/location";
import { type SessionRequest, withSession } from "./session";
import type { Lake } from "./lake/lake";
import { StoppedTasks } from "./lake/stopped-tasks";
import type { PeriodContext } from "./steps/context";

/** What one command is to do. */
export interface RunRequest extends SessionRequest, PeriodOptions {
  readonly spec: DatasetSpec;
  readonly periods: readonly Period[];
  /** Address with placeholders to read instead of the specification's; its ending tells the format. */
  readonly source?: string;
  /** Name of the execution, if this is one of several tasks. @default - there is no other task */
  readonly execution?: string;
}

/** What a run leaves to say: the summary, and the failure that ended it early. */
export interface RunResult {
  readonly summary: RunSummary;
  readonly failure?: Failure;
}

/**
 * Ingests the periods one after the other and stops at the first that fails; those before it are done.
 * Never throws: what went wrong is in the result.
 *
 * @param cleanups gets what must be stopped; the caller runs them too when a signal ends the process early
 */
export async function run(request: RunRequest, reporter: Reporter, cleanups: Cleanups): Promise<RunResult> {
  const { spec } = request;
  const id = newRunId();
  const done: PeriodSummary[] = [];
  // Of several tasks, one may have nothing to do.
  if (request.periods.length === 0) return { summary: { run: id, dataset: spec.id, periods: done } };
  let label = labelOf(request.periods);
  try {
    const columns = spec.columns.length;
    await withSession(
      { ...request, columns },
      reporter,
      cleanups,
      async ({ engine, cloud, destinations }) => {
        await checkDestinations(destinations, spec);
        const contexts = request.periods.map((period) =>
          contextOf({ run: id, period, cloud, reporter }, request),
        );
        const stop = new StoppedTasks(destinations.lake, spec.id, request.execution, reporter);
        const sources = new Fetcher(engine, destinations.lake, request);
        try {
          for (const [index, context] of contexts.entries()) {
            label = context.period.label;
            await stop.refuse();
            const next = contexts[index + 1];
            const summary = await ingestPeriod({ ...context, engine }, destinations, request, {
              fetch: () => sources.fetch(context),
              // The network, and another processor, have nothing to do while tables are loaded.
              onLoading: () => {
                if (next !== undefined) sources.begin(next);
              },
            });
            done.push(summary);
          }
        } catch (error) {
          await stop.record(asFailure(error), label);
          throw error;
        } finally {
          await sources.end();
        }
      },
    );
    return { summary: { run: id, dataset: spec.id, periods: done } };
  } catch (error) {
    return failed(id, spec.id, done, asFailure(error).at(`${spec.id} ${label}`));
  }
}

/** The result of a run that has ended early. */
export function failed(
  run: string,
  dataset: string,
  periods: readonly PeriodSummary[],
  failure: Failure,
): RunResult {
  const { kind, exitCode, message } = failure;
  return { summary: { run, dataset, periods, error: { kind, exitCode, message } }, failure };
}

/** All of a period's context but the engine. */
type Unconnected = Omit<PeriodContext, "engine">;

function contextOf(
  run: Pick<PeriodContext, "run" | "period" | "cloud" | "reporter">,
  { spec, source, home }: RunRequest,
): Unconnected {
  const { period } = run;
  const location = locate(sourceUrl(source ?? spec.source.url, period));
  const format = source === undefined ? spec.source : formatOf(fileName(location), spec.source);
  return { ...run, spec, location, format, scratch: home.scratchOf(spec.id, period) };
}

/** Fetches sources, the next one before it is asked for. */
class Fetcher {
  private readonly begun = new Map<Unconnected, Promise<Fetched>>();

  constructor(
    private readonly engine: Engine,
    private readonly lake: Lake,
    private readonly options: PeriodOptions,
  ) {}

  /** Begins in silence: until it is asked for, the period before it is the one that is shown. */
  begin(context: Unconnected): void {
    const fetching = this.now({ ...context, reporter: { ...context.reporter, progress: () => undefined } });
    // Whether it failed matters when it is asked for.
    fetching.catch(() => undefined);
    this.begun.set(context, fetching);
  }

  fetch(context: Unconnected): Promise<Fetched> {
    const begun = this.begun.get(context);
    this.begun.delete(context);
    return begun ?? this.now(context);
  }

  /** Waits for what was begun and never asked for, and removes what it has fetched. */
  async end(): Promise<void> {
    for (const [context, fetching] of this.begun) {
      await fetching.catch(() => undefined);
      await leaveScratch(context);
    }
  }

  private async now(context: Unconnected): Promise<Fetched> {
    const engine = await this.engine.fork();
    try {
      return await fetchPeriod({ ...context, engine }, this.lake, this.options);
    } finally {
      engine.close();
    }
  }
}

/** `2019-01`, or `2019-01 to 2019-03`. */
function labelOf(periods: readonly Period[]): string {
  const [first, last] = [periods.at(0)?.label, periods.at(-1)?.label];
  return first === last ? (first ?? "") : `${first ?? ""} to ${last ?? ""}`;
}

/** `20261121T101500Z-3fa9c1`: when it started, and something to tell two of the same second apart. */
export function newRunId(): string {
  const now = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  return `${now}-${randomBytes(3).toString("hex")}`;
}
