import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import pRetry from "p-retry";
import { messageOf } from "../../errors/thrown";
import { asFailure, Failure } from "../failure";
import { makeFolder } from "../files";
import { ensureDatabase, removeDrafts } from "./new-database";

/** One DuckDB in the process: it converts files, and its database file is the laptop's warehouse. */
export interface Engine {
  readonly connection: DuckDBConnection;
  /** The same engine with a connection of its own: on one connection only one query runs at a time. */
  readonly fork: () => Promise<Engine>;
  /** What the engine may use, in DuckDB's form: `140MB`. */
  readonly memoryLimit: string;
  /** Makes a query that is running fail, at once. */
  readonly interrupt: () => void;
  /** Only when no query is running: DuckDB would wait for itself, and never end. */
  readonly close: () => void;
}

export const settings = {
  // Two threads convert as fast as the disk and the decompression allow, in half the memory of four.
  threads: "2",
  // What is freed goes back to the system soon.
  allocator_flush_threshold: "16MB",
  allocator_bulk_deallocation_flush_threshold: "16MB",
  // Extensions are linked in or not used: nothing is downloaded at run time.
  autoinstall_known_extensions: "false",
  autoload_known_extensions: "false",
  // It would take a file for another one of the same name and second.
  enable_external_file_cache: "false",
};

/**
 * What the engine may use, in DuckDB's form. It does not limit the process: the engine's readers and writers use some
 * 200 MB that it does not count. Each column is buffered while it is written, so that very wide tables need more.
 */
function memoryLimit(columns: number): string {
  return `${140 + Math.ceil(Math.max(0, columns - 200) / 4)}MB`;
}

/** How long a run waits for another one on the same home, in milliseconds. */
const patience = 30 * 60_000;
const interval = 500;

/**
 * Opens the warehouse file. DuckDB holds a lock of the operating system on it, which ends with the process
 * however that ends: whoever has the file open has the home to itself.
 *
 * @param waiting called once when another process has the file open
 * @param columns number of columns of the data set. @default - a usual number
 * @throws Failure retryable when the other one does not finish within half an hour
 */
export async function openEngine(
  file: string,
  waiting: (holder: string) => void,
  columns = 0,
): Promise<Engine> {
  await makeFolder(dirname(file));
  await ensureDatabase(file).catch((error: unknown) => {
    throw asFailure(error);
  });
  const spill = `${file}.spill`;
  let told = false;
  const limit = memoryLimit(columns);
  const options = { ...settings, memory_limit: limit, temp_directory: spill };
  const instance = await pRetry(() => DuckDBInstance.create(file, options), {
    retries: patience / interval,
    minTimeout: interval,
    factor: 1,
    shouldRetry: ({ error }) => isLocked(error),
    onFailedAttempt: ({ error }) => {
      if (told || !isLocked(error)) return;
      told = true;
      waiting(holderIn(messageOf(error)));
    },
  }).catch((error: unknown) => {
    if (!isLocked(error)) throw asFailure(error);
    const holder = holderIn(messageOf(error));
    throw new Failure("retryable", `${file} is still in use by ${holder}; run again when it has finished`, {
      cause: error,
    });
  });
  // What a killed run spilled to disk; nobody else is here now.
  await rm(spill, { recursive: true, force: true });
  await removeDrafts(file);
  const first = await connected(instance, limit);
  return {
    ...first,
    close: () => {
      first.close();
      instance.closeSync();
    },
  };
}

async function connected(instance: DuckDBInstance, limit: string): Promise<Engine> {
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  // Queries over all columns of a wide table are long sums.
  await connection.run("SET max_expression_depth = 20000");
  // The engine then tells how far a query has got; it prints nothing itself.
  await connection.run("SET enable_progress_bar = true");
  await connection.run("SET enable_progress_bar_print = false");
  const forks = new Set<Engine>();
  return {
    connection,
    memoryLimit: limit,
    fork: async () => {
      const inner = await connected(instance, limit);
      const fork = {
        ...inner,
        close: () => {
          forks.delete(fork);
          inner.close();
        },
      };
      forks.add(fork);
      return fork;
    },
    interrupt: () => {
      connection.interrupt();
      for (const fork of forks) fork.interrupt();
    },
    close: () => {
      for (const fork of forks) fork.close();
      connection.closeSync();
    },
  };
}

function isLocked(error: unknown): boolean {
  return /could not set lock|conflicting lock|being used by another process/i.test(messageOf(error));
}

function holderIn(message: string): string {
  const pid = /PID (\d+)/.exec(message)?.[1];
  return pid === undefined ? "another process" : `process ${pid}`;
}
