import { existsSync } from "node:fs";
import { link, readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";

/**
 * Creates an empty database file if it does not exist, atomically: DuckDB writes it in several steps, and cannot open
 * the incomplete file that a kill or a full disk leaves.
 */
export async function ensureDatabase(file: string): Promise<void> {
  if (existsSync(file)) return;
  const draft = `${file}.${process.pid}${draftEnding}`;
  await rm(draft, { force: true });
  try {
    const instance = await DuckDBInstance.create(draft);
    instance.closeSync();
    // Unlike a rename, a link never replaces a file that another process has created in the meantime.
    await link(draft, file);
  } catch (error) {
    if (!existsSync(file)) throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Removes the drafts of killed processes. Only the process that has the database open may call it. */
export async function removeDrafts(file: string): Promise<void> {
  for (const name of await readdir(dirname(file))) {
    if (name.startsWith(`${basename(file)}.`) && name.endsWith(draftEnding)) {
      await rm(join(dirname(file), name), { force: true });
    }
  }
}

const draftEnding = ".draft";
