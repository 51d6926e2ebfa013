/** A seeded random number generator. The same seed gives the same numbers on every machine. */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** An integer from 0 to `count - 1`. */
  below(count: number): number;
  chance(probability: number): boolean;
  /** Approximately normal: mean 0, standard deviation 1, absolute value at most 3.5. The sum of four uniform numbers. */
  bell(): number;
}

/** Mulberry32 by Tommy Ettinger: 32 bits of state and integer arithmetic only, so the result is the same on every engine. */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    below: (count) => floor(next() * count),
    chance: (probability) => next() < probability,
    bell: () => (next() + next() + next() + next() - 2) * rootOfThree,
  };
}

// Access to global objects is slow in the sandbox of a test runner, and these are called millions of times.
const { floor, imul } = Math;
const rootOfThree = Math.sqrt(3);

/** Draws an index with a probability proportional to its weight. */
export function weightedIndex(weights: readonly number[]): (random: Random) => number {
  let total = 0;
  const sums = weights.map((weight) => (total += weight));
  return (random) => {
    const target = random.next() * total;
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? total) > target) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
