/** What is run: a name, and the names of what comes first. Names that are not among the others are ignored. */
export interface Ordered {
  readonly name: string;
  readonly dependencies: readonly string[];
}

/** What became of one of them. */
export type Outcome =
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly error: string }
  /** Never started; `because` says why: `prod-lake failed`. */
  | { readonly kind: "not started"; readonly because: string };

export interface RunSettings {
  /** How many run at the same time. */
  readonly parallelism: number;
  /** After it is aborted, nothing is started. What runs is waited for. */
  readonly signal: AbortSignal;
}

/**
 * Runs work for each of them after the work of its dependencies, in parallel where the order allows it. When one fails,
 * those that run are finished, and those that do not depend on it are still run, as Terraform does with resources.
 *
 * @param work returns what went wrong, or undefined
 * @returns what became of each, in the order given
 */
export async function runInOrder<Item extends Ordered>(
  items: readonly Item[],
  { parallelism, signal }: RunSettings,
  work: (item: Item) => Promise<string | undefined>,
): Promise<ReadonlyMap<Item, Outcome>> {
  const byName = new Map(items.map((item) => [item.name, item]));
  const outcomes = new Map<Item, Outcome>();
  const running = new Map<Item, Promise<void>>();
  const before = ({ dependencies }: Item) =>
    dependencies.map((name) => byName.get(name)).filter((one) => one !== undefined);

  const start = (item: Item) => {
    const finished = work(item)
      .catch((error: unknown) => (error instanceof Error ? error.message : String(error)))
      .then((error) => {
        outcomes.set(item, error === undefined ? { kind: "done" } : { kind: "failed", error });
        running.delete(item);
      });
    running.set(item, finished);
  };

  for (;;) {
    const waiting = items.filter((item) => !outcomes.has(item) && !running.has(item));
    for (const item of waiting) {
      const because = obstacle(before(item), outcomes, signal);
      if (because !== undefined) outcomes.set(item, { kind: "not started", because });
      else if (running.size < parallelism && before(item).every((one) => outcomes.get(one)?.kind === "done"))
        start(item);
    }
    if (running.size > 0) await Promise.race(running.values());
    else if (items.every((item) => outcomes.has(item))) break;
    // One pass may settle what another one waits for. Without a cycle, each pass settles or starts something.
    else if (waiting.every((item) => !outcomes.has(item))) throw new Error(`cycle: ${namesOf(waiting)}`);
  }
  return new Map(items.map((item) => [item, outcomes.get(item) ?? { kind: "not started", because: "" }]));
}

/** Why something must not be started. */
function obstacle<Item extends Ordered>(
  before: readonly Item[],
  outcomes: ReadonlyMap<Item, Outcome>,
  { aborted }: AbortSignal,
): string | undefined {
  const failed = before.filter((item) => outcomes.get(item)?.kind === "failed");
  if (failed.length > 0) return `${namesOf(failed)} failed`;
  if (aborted) return "interrupted";
  const missing = before.filter((item) => outcomes.get(item)?.kind === "not started");
  return missing.length > 0 ? `${namesOf(missing)} was not started` : undefined;
}

function namesOf(items: readonly Ordered[]): string {
  return items.map(({ name }) => name).join(", ");
}

/**
 * Some of all items, with dependencies that lead past those left out: where `c` needs `b` and `b` needs `a`, choosing
 * `a` and `c` keeps them in order.
 */
export function among<Item extends Ordered>(
  chosen: readonly Item[],
  all: readonly Ordered[],
): (Item & Ordered)[] {
  const byName = new Map(all.map((item) => [item.name, item]));
  const names = new Set(chosen.map(({ name }) => name));
  return chosen.map((item) => ({
    ...item,
    dependencies: [...ancestors(item, byName)].filter((name) => names.has(name)),
  }));
}

/** The same items in the reverse order: each after those that depended on it. */
export function reversed<Item extends Ordered>(items: readonly Item[]): (Item & Ordered)[] {
  return [...items].reverse().map((item) => ({
    ...item,
    dependencies: items
      .filter(({ dependencies }) => dependencies.includes(item.name))
      .map(({ name }) => name),
  }));
}

function ancestors(
  { dependencies }: Ordered,
  byName: ReadonlyMap<string, Ordered>,
  found = new Set<string>(),
): Set<string> {
  for (const name of dependencies) {
    if (found.has(name)) continue;
    found.add(name);
    const item = byName.get(name);
    if (item !== undefined) ancestors(item, byName, found);
  }
  return found;
}
