/** What an experiment changed, by key; undefined when it could not be carried out. */
export type Effect = ReadonlySet<string> | undefined;

export interface Experiments {
  /** Head, with these files as they are in base. */
  revert(files: readonly string[]): Promise<Effect>;
  /** Base, with these files as they are in head. */
  apply(files: readonly string[]): Promise<Effect>;
}

/** Files, and what they change. Several files act only together. */
export interface Explanation {
  readonly files: readonly string[];
  readonly keys: ReadonlySet<string>;
}

/**
 * Explains each key by the files that change it. A group of files without effect is dropped as a whole, one with an
 * effect is halved; what a group changes and neither half does is the work of files of both.
 *
 * @param all what all files together change
 * @param limit experiments at most; what is not explained until then stays so. @default 80
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
    // Head without it makes no sense; base with it may.
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

/** The group without the files that the effect does not need. */
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
