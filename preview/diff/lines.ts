import { structuredPatch } from "diff";
import type { Masks } from "../mask/masks";
import { hidden } from "../mask/masks";
import { shortened } from "./describe";

/** What differs between two texts, line by line, with one line around each change; long texts are cut. */
export function differingLines(before: string, after: string, masks: Masks): readonly string[] {
  const { hunks } = structuredPatch("", "", before, after, undefined, undefined, {
    context: 1,
    maxEditLength: 2_000,
  }) ?? {
    hunks: [],
  };
  const lines = hunks.flatMap((hunk, index) => [
    ...(index > 0 ? ["…"] : []),
    ...hunk.lines.filter((line) => !line.startsWith("\\")).map((line) => masked(line, masks)),
  ]);
  if (hunks.length === 0) return ["… too much differs to be shown"];
  return lines.length <= most ? lines : [...lines.slice(0, most), `… ${lines.length - most} more lines`];
}

const most = 60;

function masked(line: string, masks: Masks): string {
  const text = line.slice(1);
  return line.slice(0, 1) + (masks.hides(text.trim()) || masks.hides(text) ? hidden : shortened(text));
}
