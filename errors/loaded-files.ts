import { ConfigurationError } from "./faults";
import { messageOf } from "./thrown";

/** The files of a folder in which each file defines one thing. A broken file does not affect the others. */
export interface LoadedFiles<Value> {
  /** What the files define, by the names of the files. */
  readonly values: ReadonlyMap<string, Value>;
  /** Why the other files define nothing, by their names. */
  readonly broken: ReadonlyMap<string, Error>;
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
