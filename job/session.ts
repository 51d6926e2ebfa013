import type { ApiEndpoints } from "../dataset";
import { messageOf } from "../errors/thrown";
import type { Cleanups } from "./cleanups";
import { CloudClients } from "./cloud/clients";
import { type DestinationRequest, openDestinations } from "./destinations";
import { openEngine, type Engine } from "./engine/engine";
import type { Reporter } from "./report/reporter";
import type { Destinations } from "./steps/context";

/** The engine and destinations of a command. */
export interface Session {
  readonly engine: Engine;
  readonly cloud: CloudClients;
  readonly destinations: Destinations;
}

export interface SessionRequest extends DestinationRequest {
  /** Endpoints of Google's APIs. */
  readonly endpoints: ApiEndpoints;
  /** Number of columns of the widest data set: more than 200 require more memory. @default - at most 200 */
  readonly columns?: number;
}

/**
 * Opens all destinations while `work` runs. In the meantime, no other process can use the home.
 *
 * @param cleanups receives the cleanups; the caller also runs them when a signal ends the process early
 * @throws Failure when a destination cannot be opened, and whatever `work` throws
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
      reporter.info(`${request.home.folder} is in use by ${holder}: waiting until that process has finished`);
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
