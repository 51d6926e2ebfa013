import type { Counts } from "../report";
import type { PlannedOutput } from "../plan/stack-plan";
import type { Row } from "./rows";

/** Counts changes by action. A move or an import with an update counts as both. */
export function countsOf(rows: readonly Row[], outputs: readonly PlannedOutput[]): Counts {
  const counts = { ...nothing };
  for (const { action, resource } of rows) {
    if (action !== undefined && action !== "forget" && action !== "move" && action !== "import")
      counts[action] += 1;
    if (resource.actions.includes("forget")) counts.forget += 1;
    if (resource.previousAddress !== undefined) counts.move += 1;
    if (resource.importId !== undefined) counts.import += 1;
  }
  counts.output = outputs.filter(({ actions }) => actions.join() !== "no-op").length;
  return counts;
}

export function sumOf(all: readonly Counts[]): Counts {
  const sum = { ...nothing };
  for (const counts of all) for (const name of names) sum[name] += counts[name];
  return sum;
}

export function isNothing(counts: Counts): boolean {
  return Object.values(counts).every((count) => count === 0);
}

const nothing: Counts = {
  create: 0,
  update: 0,
  replace: 0,
  delete: 0,
  forget: 0,
  move: 0,
  import: 0,
  read: 0,
  unknown: 0,
  output: 0,
};

const names = Object.keys(nothing) as readonly (keyof Counts)[];

/** "5 to create, 3 to update"; empty without changes. */
export function countsText(counts: Counts): string {
  const parts: readonly (readonly [keyof Counts, string])[] = [
    ["replace", "to replace"],
    ["delete", "to delete"],
    ["create", "to create"],
    ["update", "to update"],
    ["forget", "to forget"],
    ["move", "to move"],
    ["import", "to import"],
    ["read", "to read"],
    ["unknown", "with an unknown action"],
  ];
  const texts = parts.flatMap(([name, text]) => (counts[name] === 0 ? [] : [`${counts[name]} ${text}`]));
  const outputs =
    counts.output === 0 ? [] : [`${counts.output} output${counts.output === 1 ? "" : "s"} to change`];
  return [...texts, ...outputs].join(", ");
}
