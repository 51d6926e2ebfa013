import { HashSum } from "./hash";
import type { ColumnType } from "../../dataset";

/** A summary of a period's rows in one place. Different values have different fingerprints. */
export interface Fingerprint {
  /** `the source`, `the lake`, `the warehouse`, `the database` */
  readonly place: string;
  readonly rows: number;
  /** By column; a missing column is not compared. */
  readonly columns: ReadonlyMap<string, ColumnFingerprint>;
}

/** The values of one column, in any order. */
export interface ColumnFingerprint {
  /** Number of non-NULL values. */
  readonly values: number;
  /** For NUMERIC, the exact sum times 10^9; for other types, the sum of the values' hashes. */
  readonly sum: bigint;
}

/** Sums the values of one column. */
export class ColumnSum implements ColumnFingerprint {
  readonly hashes = new HashSum();
  private numerics = 0;
  private exact = 0n;

  constructor(readonly type: ColumnType) {}

  get values(): number {
    return this.type === "NUMERIC" ? this.numerics : this.hashes.values;
  }

  get sum(): bigint {
    return this.type === "NUMERIC" ? this.exact : this.hashes.sum;
  }

  /** @param unscaled the number times 10^9 */
  addNumeric(unscaled: bigint): void {
    this.numerics += 1;
    this.exact += unscaled;
  }
}

/** How two fingerprints differ: one sentence about the number of rows, otherwise one per column. */
export function differences(first: Fingerprint, other: Fingerprint): string[] {
  if (first.rows !== other.rows) {
    return [`${first.place} has ${count(first.rows)}, ${other.place} has ${count(other.rows)}`];
  }
  const found: string[] = [];
  for (const [name, mine] of first.columns) {
    const theirs = other.columns.get(name);
    if (theirs === undefined) continue;
    if (mine.values !== theirs.values) {
      found.push(
        `column ${name}: ${first.place} has ${mine.values} non-NULL values, ${other.place} has ${theirs.values}`,
      );
    } else if (mine.sum !== theirs.sum) {
      found.push(`column ${name}: ${first.place} and ${other.place} have different values`);
    }
  }
  return found;
}

function count(rows: number): string {
  return rows === 1 ? "1 row" : `${rows} rows`;
}
