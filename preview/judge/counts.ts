import type { Counts } from "../report";
import type { PlannedOutput } from "../plan/stack-plan";
import type { Row } from "./rows";

/** Counts changes by action. A move or an import with an update counts as both. */
export function countsOf(rows: readonly Row[], outputs: readonly PlannedOutput[]): Counts {
  const count = (matches: (row: Row) => boolean) => rows.filter(matches).length;
  const of = (action: Row["action"]) => count((row) => row.action === action);
  return {
    create: of("create"),
    update: of("update"),
    replace: of("replace"),
    delete: of("delete"),
    forget: count(({ resource }) => resource.actions.includes("forget")),
    move: count(({ resource }) => resource.previousAddress !== undefined),
    import: count(({ resource }) => resource.importId !== undefined),
    read: of("read"),
    unknown: of("unknown"),
    output: outputs.filter(({ actions }) => actions.join() !== "no-op").length,
  };
}

export function sumOf(all: readonly Counts[]): Counts {
  const sum = (name: keyof Counts) => all.reduce((total, counts) => total + counts[name], 0);
  return {
    create: sum("create"),
    update: sum("update"),
    replace: sum("replace"),
    delete: sum("delete"),
    forget: sum("forget"),
    move: sum("move"),
    import: sum("import"),
    read: sum("read"),
    unknown: sum("unknown"),
    output: sum("output"),
  };
}

export function isNothing(counts: Counts): boolean {
  return Object.values(counts).every((count) => count === 0);
}

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
