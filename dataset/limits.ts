import type { BadRows, Percent, Shrink } from "./dataset";

/** Number of bad rows that the limit allows for a number of rows. */
export function allowedBadRows(badRows: BadRows, rows: number): number {
  if (badRows.action === "fail") return 0;
  return typeof badRows.limit === "number" ? badRows.limit : Math.floor(rows * shareOf(badRows.limit));
}

/** Maximum number of bad rows that the limit can allow, before the number of rows is known. */
export function mostBadRows(badRows: BadRows): number {
  return allowedBadRows(badRows, Infinity);
}

/** Minimum numbers of rows to compare with: of the period itself, and of adjacent periods. */
const leastRows = { before: 100, neighbors: 10_000 } as const;
const shares = { ofBefore: "50%", ofNeighbors: "5%" } as const;

/** Numbers of rows to compare with. */
export interface Comparable {
  /** Of the period's previous version; undefined when there is none. */
  readonly before: number | undefined;
  /** Of the previous and the next period. */
  readonly neighbors: readonly number[];
}

/**
 * Why a period has suspiciously few rows, or undefined.
 *
 * @param rows number of rows that the period would have
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
    return `${rows} rows are less than ${ofBefore} of the ${before} rows that the period has now`;
  }
  const measure = Math.max(...neighbors);
  if (measure >= leastRows.neighbors && rows < measure * shareOf(ofNeighbors)) {
    return `${rows} rows are less than ${ofNeighbors} of the ${measure} rows of an adjacent period`;
  }
  return undefined;
}

/** `1%` -> 0.01 */
export function shareOf(percent: Percent): number {
  return Number(percent.slice(0, -1)) / 100;
}
