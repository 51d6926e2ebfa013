import type { BadRows, Percent, Shrink } from "./dataset";

/** How many of so many rows a limit for bad rows allows. */
export function allowedBadRows(badRows: BadRows, rows: number): number {
  if (badRows.action === "fail") return 0;
  return typeof badRows.limit === "number" ? badRows.limit : Math.floor(rows * shareOf(badRows.limit));
}

/** How many bad rows may be allowed before it is known how many rows there are. */
export function mostBadRows(badRows: BadRows): number {
  return allowedBadRows(badRows, Infinity);
}

/** Fewer rows are no measure: those of the period itself, those of others. */
const leastRows = { before: 100, neighbors: 10_000 } as const;
const shares = { ofBefore: "50%", ofNeighbors: "5%" } as const;

/** How many rows other versions of the period, and other periods, have; undefined where there is none. */
export interface Comparable {
  readonly before: number | undefined;
  /** Of the period before and the one after it. */
  readonly neighbors: readonly number[];
}

/**
 * Why a period has suspiciously few rows, or undefined.
 *
 * @param rows how many it would have
 */
export function shrinkage(
  shrink: Shrink | undefined,
  rows: number,
  { before, neighbors }: Comparable,
): string | undefined {
  if (shrink?.action === "allow") return undefined;
  if (rows === 0) return "no row is left";
  const { ofBefore, ofNeighbors } = { ...shares, ...shrink };
  if (before !== undefined && before >= leastRows.before && rows < before * shareOf(ofBefore)) {
    return `${rows} rows are less than ${ofBefore} of the ${before} that the period has`;
  }
  const measure = Math.max(...neighbors);
  if (measure >= leastRows.neighbors && rows < measure * shareOf(ofNeighbors)) {
    return `${rows} rows are less than ${ofNeighbors} of the ${measure} that the period beside it has`;
  }
  return undefined;
}

/** `1%` -> 0.01 */
export function shareOf(percent: Percent): number {
  return Number(percent.slice(0, -1)) / 100;
}
