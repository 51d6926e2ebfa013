/**
 * Finds whether a text contains one of many words, by the algorithm of Wu and Manber: the last three characters of a
 * window as long as the shortest word determine how far the window can move without missing a word. A regular
 * expression with a thousand alternatives is many times slower, and most texts contain no secret.
 */
export class WordIndex {
  /** Length of the window: that of the shortest word. */
  private readonly length: number;
  /** By the hash of the last three characters of a window: the distance to the next possible window. */
  private readonly distances: Uint8Array;
  /** Words by their first characters, as many as the window has. */
  private readonly words = new Map<string, string[]>();

  /** @param words of at least three characters */
  constructor(words: readonly string[]) {
    this.length = words.reduce((least, word) => Math.min(least, word.length), longestWindow);
    this.distances = new Uint8Array(65_536).fill(this.length - 2);
    for (const word of words) {
      for (let at = 2; at < this.length; at += 1) {
        const end = hashAt(word, at);
        this.distances[end] = Math.min(this.distances[end] ?? 0, this.length - 1 - at);
      }
      const start = word.slice(0, this.length);
      const same = this.words.get(start);
      if (same === undefined) this.words.set(start, [word]);
      else same.push(word);
    }
  }

  /** Whether the text contains one of the words. */
  isIn(text: string): boolean {
    if (this.words.size === 0) return false;
    for (let at = this.length - 1; at < text.length;) {
      const distance = this.distances[hashAt(text, at)] ?? 1;
      if (distance === 0 && this.startsAt(text, at - this.length + 1)) return true;
      at += distance === 0 ? 1 : distance;
    }
    return false;
  }

  private startsAt(text: string, start: number): boolean {
    const words = this.words.get(text.slice(start, start + this.length)) ?? [];
    return words.some((word) => text.startsWith(word, start));
  }
}

const longestWindow = 32;

/** Hash of three characters, the last one at the position. */
function hashAt(text: string, at: number): number {
  return (text.charCodeAt(at - 2) * 961 + text.charCodeAt(at - 1) * 31 + text.charCodeAt(at)) & 0xffff;
}
