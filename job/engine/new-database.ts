import { existsSync } from "node:fs";
import { link, readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";

/**
 * Makes an empty database file, if there is none, as a whole or not at all: the engine itself writes it bit by bit,
 * and what a kill or a full disk leaves of it could never be opened again.
 */
export async function ensureDatabase(file: string): Promise<void> {
  if (existsSync(file)) return;
  const draft = `${file}.${process.pid}${draftEnding}`;
  await rm(draft, { force: true });
  try {
    const instance = await DuckDBInstance.create(draft);
    instance.closeSync();
    // Unlike a rename, a link never takes the place of a file that another process has made meanwhile.
    await link(draft, file);
  } catch (error) {
    if (!existsSync(file)) throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Removes what killed processes left; only for the one that has the database open. */
export async function removeDrafts(file: string): Promise<void> {
  for (const name of await readdir(dirname(file))) {
    if (name.startsWith(`${basename(file)}.`) && name.endsWith(draftEnding)) {
      await rm(join(dirname(file), name), { force: true });
    }
  }
}

const draftEnding = ".draft";
