import { DuckDBInstance } from "@duckdb/node-api";
import pRetry from "p-retry";
import { messageOf } from "../../errors/thrown";
import { asFailure, Failure } from "../failure";

/** How long a command waits for another one in the same home, in milliseconds. */
const maxWait = 30 * 60_000;
const interval = 500;

/**
 * Opens a DuckDB file. DuckDB locks the file, and the operating system releases the lock when the process ends.
 *
 * @param waiting called once when another process has the file open
 * @throws Failure retryable when the other process still has the file open after 30 minutes
 */
export async function openWaiting(
  file: string,
  options: Readonly<Record<string, string>>,
  waiting: (holder: string) => void,
): Promise<DuckDBInstance> {
  let isWaiting = false;
  return pRetry(() => DuckDBInstance.create(file, options), {
    retries: maxWait / interval,
    minTimeout: interval,
    factor: 1,
    shouldRetry: ({ error }) => isLocked(error),
    onFailedAttempt: ({ error }) => {
      if (isWaiting || !isLocked(error)) return;
      isWaiting = true;
      waiting(holderIn(messageOf(error)));
    },
  }).catch((error: unknown) => {
    if (!isLocked(error)) throw asFailure(error, file);
    throw new Failure(
      "retryable",
      `${file} is still in use by ${holderIn(messageOf(error))}; run again when that process has finished`,
      { cause: error },
    );
  });
}

function isLocked(error: unknown): boolean {
  return /could not set lock|conflicting lock|being used by another process/i.test(messageOf(error));
}

function holderIn(message: string): string {
  const pid = /PID (\d+)/.exec(message)?.[1];
  return pid === undefined ? "another process" : `process ${pid}`;
}
