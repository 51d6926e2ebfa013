import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { asFailure } from "../failure";
import { makeFolder } from "../files";
import { ensureDatabase, removeDrafts } from "./new-database";
import { openWaiting } from "./open-waiting";

/** The process's DuckDB instance: it converts files, and its database file is the warehouse on a laptop. */
export interface Engine {
  readonly connection: DuckDBConnection;
  /** Opens another connection to the same instance: a connection runs one query at a time. */
  readonly fork: () => Promise<Engine>;
  /** DuckDB's `memory_limit`: `140MB`. */
  readonly memoryLimit: string;
  /** Cancels the running queries, of forks too: they fail immediately. */
  readonly interrupt: () => void;
  /** Call only when no query is running: otherwise DuckDB blocks forever. */
  readonly close: () => void;
}

export const settings = {
  // Disk and decompression limit the speed: four threads are no faster than two and use twice the memory.
  threads: "2",
  // Return freed memory to the operating system early.
  allocator_flush_threshold: "16MB",
  allocator_bulk_deallocation_flush_threshold: "16MB",
  // Use only built-in extensions: nothing is downloaded at run time.
  autoinstall_known_extensions: "false",
  autoload_known_extensions: "false",
  // The cache identifies a file by name and modification time in seconds: it can return the content of a replaced file.
  enable_external_file_cache: "false",
};

/**
 * DuckDB's `memory_limit`. It does not limit the process: DuckDB's readers and writers use another 200 MB or so that
 * DuckDB does not count. DuckDB buffers each column while it writes, so very wide tables need more.
 */
function memoryLimit(columns: number): string {
  return `${110 + Math.ceil(Math.max(0, columns - 200) / 4)}MB`;
}

/**
 * Opens the warehouse file. DuckDB locks the file, and the operating system releases the lock when the process ends:
 * one process at a time uses a home.
 *
 * @param waiting called once when another process has the file open
 * @param columns number of columns of the data set. @default - at most 200
 * @throws Failure retryable when the other process still has the file open after 30 minutes
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
  const limit = memoryLimit(columns);
  const options = { ...settings, memory_limit: limit, temp_directory: spill };
  const instance = await openWaiting(file, options, waiting);
  // Left by a killed run: no other process has the file open now.
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

/** Lends an engine with its own connection to `work`. */
export async function withFork<Result>(
  engine: Engine,
  work: (fork: Engine) => Promise<Result>,
): Promise<Result> {
  const fork = await engine.fork();
  try {
    return await work(fork);
  } finally {
    fork.close();
  }
}

async function connected(instance: DuckDBInstance, limit: string): Promise<Engine> {
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  // Sums over all columns of a wide table are deeply nested expressions.
  await connection.run("SET max_expression_depth = 20000");
  // `connection.progress` is available only when the progress bar is enabled.
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
