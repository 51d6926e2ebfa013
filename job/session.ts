import type { ApiEndpoints } from "../dataset";
import { messageOf } from "../errors/thrown";
import type { Cleanups } from "./cleanups";
import { CloudClients } from "./cloud/clients";
import { type DestinationRequest, openDestinations } from "./destinations";
import { openEngine, type Engine } from "./engine/engine";
import type { Reporter } from "./report/reporter";
import type { Destinations } from "./steps/context";

/** What a command works with that reads or writes all destinations. */
export interface Session {
  readonly engine: Engine;
  readonly cloud: CloudClients;
  readonly destinations: Destinations;
}

export interface SessionRequest extends DestinationRequest {
  /** Where Google's APIs are. */
  readonly endpoints: ApiEndpoints;
  /** Columns of the widest data set: the engine needs more memory for very many. @default - a usual number */
  readonly columns?: number;
}

/**
 * Opens all destinations while `work` runs. Nobody else works on the home meanwhile.
 *
 * @param cleanups gets what must be stopped; the caller runs them too when a signal ends the process early
 * @throws Failure when one of them cannot be opened, and whatever `work` throws
 */
export async function withSession<Result>(
  request: SessionRequest,
  reporter: Reporter,
  cleanups: Cleanups,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const cloud = new CloudClients(request.endpoints);
  let engine: Engine | undefined;
  try {
    const waiting = (holder: string) => {
      reporter.info(`${request.home.folder} is in use by ${holder}: waiting until it has finished`);
    };
    engine = await openEngine(request.home.warehouse, waiting, request.columns);
    cleanups.add(engine.interrupt);
    const destinations = await openDestinations(request, engine, cloud, cleanups);
    return await work({ engine, cloud, destinations });
  } finally {
    await cleanups.run().catch((error: unknown) => {
      reporter.warning(messageOf(error));
    });
    engine?.close();
  }
}
