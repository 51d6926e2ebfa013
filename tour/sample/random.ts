/** A source of random numbers that gives the same ones for the same seed, on every machine. */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number from 0 up to `count - 1`. */
  below(count: number): number;
  chance(probability: number): boolean;
  /** Bell-shaped around 0 with standard deviation 1, at most 3.5 away from it: the sum of four uniform numbers. */
  bell(): number;
}

/** Mulberry32 by Tommy Ettinger: 32 bits of state, integer arithmetic only, hence equal on every engine. */
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

// Global objects are slow to reach from inside a test runner's sandbox, and these are called millions of times.
const { floor, imul } = Math;
const rootOfThree = Math.sqrt(3);

/** Draws an index with a probability in proportion to its weight. */
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
