/**
 * Postgres' own 64-bit hashes of values, so that sums of hashes can be compared with Postgres. They assign rows to the
 * partitions of a hash-partitioned table, so they do not change between versions.
 * https://github.com/postgres/postgres/blob/REL_15_STABLE/src/common/hashfn.c (Bob Jenkins' lookup3, seed 0)
 */

/** Initial value of every hash, to which the number of bytes is added. */
const start = (0x9e3779b9 + 3_923_095) | 0;

/**
 * Sums the hashes of values; the sum does not depend on the order. NULL is not added.
 */
export class HashSum {
  /** Number of added values. */
  values = 0;
  private total = 0n;
  /** Sums of the halves of hashes that are not in `total` yet: exact in a double for up to two million hashes. */
  private high = 0;
  private low = 0;
  private pending = 0;

  /** The sum of the hashes as signed 64-bit numbers. */
  get sum(): bigint {
    this.fold();
    return this.total;
  }

  /** Adds a 64-bit integer as two words; also used for dates, times in microseconds, and booleans. */
  addInteger(low: number, high: number): void {
    // In Postgres, a 32-bit integer has the same hash as the equal 64-bit integer.
    const a = (start + 4 + (low ^ (high < 0 ? ~high : high))) | 0;
    this.addFinal(a, (start + 4) | 0, (start + 4) | 0);
  }

  /** Adds a floating-point number as two words. 0 and -0 have the same hash, and so have all NaNs. */
  addDouble(low: number, high: number): void {
    if (low === 0 && (high & 0x7fffffff) === 0) this.add(0, 0);
    else if ((high & infinity) === infinity && (low !== 0 || (high & 0xfffff) !== 0)) {
      this.addFinal((start + 8) | 0, (start + 8 + notANumber) | 0, (start + 8) | 0);
    } else this.addFinal((start + 8 + low) | 0, (start + 8 + high) | 0, (start + 8) | 0);
  }

  /** Adds a text: the bytes of `memory` from `from` to `to`. */
  addText(memory: Uint8Array, from: number, to: number): void {
    const initial = (start + to - from) | 0;
    let [a, b, c] = [initial, initial, initial];
    let at = from;
    for (; to - at >= 12; at += 12) {
      a = (a + word(memory, at)) | 0;
      b = (b + word(memory, at + 4)) | 0;
      c = (c + word(memory, at + 8)) | 0;
      a = (a - c) ^ turned(c, 4);
      c = (c + b) | 0;
      b = (b - a) ^ turned(a, 6);
      a = (a + c) | 0;
      c = (c - b) ^ turned(b, 8);
      b = (b + a) | 0;
      a = (a - c) ^ turned(c, 16);
      c = (c + b) | 0;
      b = (b - a) ^ turned(a, 19);
      a = (a + c) | 0;
      c = (c - b) ^ turned(b, 4);
      b = (b + a) | 0;
    }
    for (let index = 0; at + index < to; index += 1) {
      const byte = memory[at + index] ?? 0;
      if (index < 4) a = (a + (byte << (index * 8))) | 0;
      else if (index < 8) b = (b + (byte << ((index - 4) * 8))) | 0;
      // The lowest byte of the third word is reserved for the length.
      else c = (c + (byte << ((index - 7) * 8))) | 0;
    }
    this.addFinal(a, b, c);
  }

  private addFinal(a: number, b: number, c: number): void {
    c = ((c ^ b) - turned(b, 14)) | 0;
    a = ((a ^ c) - turned(c, 11)) | 0;
    b = ((b ^ a) - turned(a, 25)) | 0;
    c = ((c ^ b) - turned(b, 16)) | 0;
    a = ((a ^ c) - turned(c, 4)) | 0;
    b = ((b ^ a) - turned(a, 14)) | 0;
    c = ((c ^ b) - turned(b, 24)) | 0;
    this.add(b, c >>> 0);
  }

  private add(high: number, low: number): void {
    this.values += 1;
    this.high += high;
    this.low += low;
    this.pending += 1;
    if (this.pending === maxPending) this.fold();
  }

  private fold(): void {
    this.total += (BigInt(this.high) << 32n) + BigInt(this.low);
    this.high = 0;
    this.low = 0;
    this.pending = 0;
  }
}

/** The upper words of a double's bits. */
const infinity = 0x7ff00000;
const notANumber = 0x7ff80000;

const maxPending = 1 << 20;

function turned(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function word(memory: Uint8Array, at: number): number {
  return (
    (memory[at] ?? 0) |
    ((memory[at + 1] ?? 0) << 8) |
    ((memory[at + 2] ?? 0) << 16) |
    ((memory[at + 3] ?? 0) << 24)
  );
}
