import leven from "leven";

/**
 * The known name that was probably meant: at most a third of its letters differ.
 *
 * @returns undefined if none is near
 */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  // Messages show a name in quotes.
  const lower = name.toLowerCase().replace(/^"|"$/g, "");
  const ranked = [...known]
    .map((candidate) => ({ candidate, distance: distance(lower, candidate.toLowerCase()) }))
    .filter((one) => one.distance <= Math.max(1, Math.floor(one.candidate.length / 3)))
    .sort((a, b) => a.distance - b.distance);
  return ranked[0]?.candidate;
}

/** Number of changed letters. Letters in another order count as one change: `cvs`. */
function distance(one: string, other: string): number {
  const sorted = (text: string) => Array.from(text).sort().join("");
  return sorted(one) === sorted(other) ? Math.min(1, leven(one, other)) : leven(one, other);
}

/** `; did you mean "month"?`, or nothing if no known name is near. */
export function suggestion(name: string, known: Iterable<string>): string {
  const near = nearest(name, known);
  return near === undefined || near === name ? "" : `; did you mean "${near}"?`;
}
