import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { ConfigurationError } from "./faults";
import { messageOf } from "./thrown";

/** The files of a folder in which each file defines one thing. A broken file does not affect the others. */
export interface LoadedFiles<Value> {
  /** What the files define, by the names of the files. */
  readonly values: ReadonlyMap<string, Value>;
  /** Why the other files define nothing, by their names. */
  readonly broken: ReadonlyMap<string, Error>;
}

/** Names, without `.ts`, of the files in a folder that each define one thing: all but index.ts. */
export function definitionNames(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".ts") && file !== "index.ts")
    .map((file) => file.slice(0, -".ts".length));
}

/**
 * A folder of the project.
 *
 * @param name name of the folder: `catalog`
 * @param mark a file in it: another folder can have the same name
 * @param program folder of the running program: the folder itself or, in a bundle, dist/ next to it
 * @throws ConfigurationError when there is no such folder
 */
export function folderOf(name: string, mark: string, program: string): string {
  for (let folder = program; ; folder = dirname(folder)) {
    const candidate = join(folder, name);
    if (existsSync(join(candidate, mark))) return candidate;
    if (dirname(folder) === folder)
      throw new ConfigurationError(name, [`no ${name} folder found in ${program} or its parent folders`]);
  }
}

/** Loads files one by one, in the order of their names. */
export function loadFiles<Value>(
  names: readonly string[],
  load: (name: string) => Value,
): LoadedFiles<Value> {
  const values = new Map<string, Value>();
  const broken = new Map<string, Error>();
  for (const name of [...names].sort()) {
    try {
      values.set(name, load(name));
    } catch (error) {
      broken.set(name, error instanceof Error ? error : new Error(messageOf(error)));
    }
  }
  return { values, broken };
}

/**
 * The values of all files.
 *
 * @param folder for messages: `catalog`
 * @throws ConfigurationError listing the faults of all broken files
 */
export function allValues<Value>(
  folder: string,
  { values, broken }: LoadedFiles<Value>,
): ReadonlyMap<string, Value> {
  const [first, ...others] = broken.values();
  if (first === undefined) return values;
  if (others.length === 0) throw first;
  throw new ConfigurationError(folder, [first, ...others].flatMap(faultsOf));
}

function faultsOf(error: Error): string[] {
  return error instanceof ConfigurationError
    ? error.faults.map((fault) => `${error.subject}: ${fault}`)
    : [error.message];
}
