import { structuredPatch } from "diff";
import type { Masks } from "../mask/masks";
import { hidden } from "../mask/masks";
import { shortened } from "./describe";

/** Line diff of two texts with one line of context. Long diffs are truncated. */
export function differingLines(before: string, after: string, masks: Masks): readonly string[] {
  const [old, fresh] = [before.split("\n"), after.split("\n")];
  const shared = Math.min(old.length, fresh.length);
  let start = 0;
  while (start < shared && old[start] === fresh[start]) start += 1;
  let end = 0;
  while (end < shared - start && old.at(-1 - end) === fresh.at(-1 - end)) end += 1;
  const around = (at: number) => (at < 0 || at >= fresh.length ? [] : [` ${fresh[at] ?? ""}`]);
  // Most changes are in one place and do not require a diff algorithm.
  const lines = [
    ...around(start - 1),
    ...between(old.slice(start, old.length - end), fresh.slice(start, fresh.length - end)),
    ...around(fresh.length - end),
  ].map((line) => masked(line, masks));
  return lines.length <= most ? lines : [...lines.slice(0, most), `… ${lines.length - most} more lines`];
}

function between(old: readonly string[], fresh: readonly string[]): string[] {
  if (old.length <= 1 || fresh.length <= 1)
    return [...old.map((line) => `-${line}`), ...fresh.map((line) => `+${line}`)];
  const patch = structuredPatch(
    "",
    "",
    `${old.join("\n")}\n`,
    `${fresh.join("\n")}\n`,
    undefined,
    undefined,
    {
      context: 1,
      maxEditLength: 2_000,
    },
  );
  if (patch === undefined) return ["… too many differences to show"];
  return patch.hunks.flatMap((hunk, index) => [
    ...(index > 0 ? ["…"] : []),
    ...hunk.lines.filter((line) => !line.startsWith("\\")),
  ]);
}

const most = 60;

function masked(line: string, masks: Masks): string {
  const text = line.slice(1);
  return line.slice(0, 1) + (masks.hides(text.trim()) || masks.hides(text) ? hidden : shortened(text));
}

/** The differing part of two long texts, with some context. */
export function differingPart(before: string, after: string): [string, string] {
  if (before.length <= 120 && after.length <= 120) return [before, after];
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const from = Math.max(0, start - 20);
  const cut = (text: string) => {
    const to = Math.min(text.length, text.length - end + 20);
    return `${from > 0 ? "…" : ""}${text.slice(from, to)}${to < text.length ? "…" : ""}`;
  };
  return [cut(before), cut(after)];
}
