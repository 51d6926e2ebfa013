import { Kafka, logLevel } from "kafkajs";

/** How long a client tries to reach a broker that does not answer. */
export interface Patience {
  /** Number of retries of a request. @default 30, which takes about a minute: a broker that was killed is back by then */
  readonly retries?: number;
}

/**
 * A client of the broker at an address.
 *
 * @param address `host:port`, or several separated by commas
 */
export function connectionTo(address: string, { retries = 30 }: Patience = {}): Kafka {
  return new Kafka({
    clientId: "tributary",
    brokers: address.split(","),
    // The caller reports errors, once.
    logLevel: logLevel.NOTHING,
    connectionTimeout: 3000,
    requestTimeout: 30_000,
    retry: { retries, initialRetryTime: 100, maxRetryTime: 2000 },
  });
}
