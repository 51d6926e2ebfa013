import { formatOf, sourceUrl, type DatasetSpec, type Period } from "../dataset";
import type { Cleanups } from "./cleanups";
import { asFailure } from "./failure";
import { checkDestinations } from "./destinations";
import { type Fetched, fetchPeriod, ingestPeriod, leaveScratch, type PeriodOptions } from "./ingest-period";
import type { Engine } from "./engine/engine";
import { failed, type RunResult } from "./run-result";
import type { PeriodSummary } from "./run-summary";
import type { Reporter } from "./report/reporter";
import { fileName, locate } from "./source/location";
import { type SessionRequest, withSession } from "./session";
import type { Lake } from "./lake/lake";
import { StoppedTasks } from "./lake/stopped-tasks";
import type { PeriodContext } from "./steps/context";

/** The request of `ingest run`. */
export interface RunRequest extends SessionRequest, PeriodOptions {
  /** Identifies the run; see `newRunId`. */
  readonly run: string;
  readonly spec: DatasetSpec;
  readonly periods: readonly Period[];
  /** Address with placeholders that overrides the specification's; its extension determines the format. */
  readonly source?: string;
  /** See `PeriodContext.taskMemoryGib`. */
  readonly taskMemoryGib?: number;
  /** Name of the execution, if this is one of several tasks. @default - there is no other task */
  readonly execution?: string;
}

/**
 * Ingests the periods in order and stops at the first one that fails; the periods before it are complete.
 * Never throws: the result contains the failure.
 *
 * @param cleanups receives the cleanups of the run; the caller also runs them when a signal ends the process early
 */
export async function run(request: RunRequest, reporter: Reporter, cleanups: Cleanups): Promise<RunResult> {
  const { spec, run: id } = request;
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
              // While tables are loaded, the network and a processor are idle.
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

/** A period's context without the engine. */
type Unconnected = Omit<PeriodContext, "engine">;

/** The context of a period without the engine. */
export function contextOf(
  run: Pick<PeriodContext, "run" | "period" | "cloud" | "reporter">,
  { spec, source, home, taskMemoryGib }: RunRequest,
): Unconnected {
  const { period } = run;
  const location = locate(sourceUrl(source ?? spec.source.url, period));
  const format = source === undefined ? spec.source : formatOf(fileName(location), spec.source);
  const scratch = home.scratchOf(spec.id, period);
  return { ...run, spec, location, format, scratch, ...(taskMemoryGib !== undefined && { taskMemoryGib }) };
}

/** Fetches sources, and prefetches the next one. */
class Fetcher {
  private readonly prefetched = new Map<Unconnected, Promise<Fetched>>();

  constructor(
    private readonly engine: Engine,
    private readonly lake: Lake,
    private readonly options: PeriodOptions,
  ) {}

  /** Starts to prefetch, without progress: the progress of the previous period is still shown. */
  begin(context: Unconnected): void {
    const fetching = this.now({ ...context, reporter: { ...context.reporter, progress: () => undefined } });
    // `fetch` reports the error.
    fetching.catch(() => undefined);
    this.prefetched.set(context, fetching);
  }

  fetch(context: Unconnected): Promise<Fetched> {
    const prefetched = this.prefetched.get(context);
    this.prefetched.delete(context);
    return prefetched ?? this.now(context);
  }

  /** Waits for a prefetch that was not used, and removes its files. */
  async end(): Promise<void> {
    for (const [context, fetching] of this.prefetched) {
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
