/** Keys that an experiment changed; undefined if the experiment failed. */
export type Effect = ReadonlySet<string> | undefined;

export interface Experiments {
  /** Head, with these files as they are in base. */
  revert(files: readonly string[]): Promise<Effect>;
  /** Base, with these files as they are in head. */
  apply(files: readonly string[]): Promise<Effect>;
}

/** Files and the keys that they change. Several files have an effect only together. */
export interface Explanation {
  readonly files: readonly string[];
  readonly keys: ReadonlySet<string>;
}

/**
 * Explains each key by the files that change it. A group of files without effect is excluded, and a group with an effect
 * is halved. Keys that a group changes, but neither half does, are caused by files of both halves.
 *
 * @param all keys that all files together change
 * @param limit maximum number of experiments; remaining keys are not explained. @default 80
 */
export async function explain(
  files: readonly string[],
  all: ReadonlySet<string>,
  experiments: Experiments,
  limit = 80,
): Promise<Explanation[]> {
  const budgeted = withBudget(experiments, limit);
  return files.length === 0 ? [] : explore(files, all, budgeted);
}

async function explore(
  files: readonly string[],
  effect: Effect,
  experiments: Experiments,
): Promise<Explanation[]> {
  if (effect?.size === 0) return [];
  if (files.length === 1) {
    // If head without the file is invalid, base with the file can be valid.
    const keys = effect ?? (await experiments.apply(files));
    return keys === undefined || keys.size === 0 ? [] : [{ files, keys }];
  }
  const middle = Math.ceil(files.length / 2);
  const found: Explanation[] = [];
  for (const half of [files.slice(0, middle), files.slice(middle)])
    found.push(...(await explore(half, await experiments.revert(half), experiments)));

  const rest = without(effect, found);
  if (rest.size === 0) return found;
  const together = await smallest(files, rest, experiments);
  return [...found, { files: together, keys: rest }];
}

/** The smallest group of files with the same effect. */
async function smallest(
  files: readonly string[],
  keys: ReadonlySet<string>,
  experiments: Experiments,
): Promise<readonly string[]> {
  let needed = files;
  for (const file of files) {
    const others = needed.filter((one) => one !== file);
    const effect = others.length === 0 ? undefined : await experiments.revert(others);
    if (effect !== undefined && [...keys].every((key) => effect.has(key))) needed = others;
  }
  return needed;
}

function without(effect: Effect, found: readonly Explanation[]): ReadonlySet<string> {
  const explained = new Set(found.flatMap(({ keys }) => [...keys]));
  return new Set([...(effect ?? [])].filter((key) => !explained.has(key)));
}

function withBudget(experiments: Experiments, limit: number): Experiments {
  let left = limit;
  const within = (run: Experiments["revert"]) => (files: readonly string[]) =>
    left-- > 0 ? run(files) : Promise.resolve(undefined);
  return {
    revert: within((files) => experiments.revert(files)),
    apply: within((files) => experiments.apply(files)),
  };
}
