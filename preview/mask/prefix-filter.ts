/**
 * Detects quickly that a text contains none of many words, because it does not contain the first three characters of
 * any word. A regular expression with a thousand alternatives is ten times slower, and most texts contain no secret.
 */
export class PrefixFilter {
  private readonly prefixes = new Uint8Array(65_536);

  /** @param words of at least three characters */
  constructor(words: readonly string[]) {
    for (const word of words)
      this.prefixes[hash(word.charCodeAt(0), word.charCodeAt(1), word.charCodeAt(2))] = 1;
  }

  /** False if the text contains none of the words. */
  mayHold(text: string): boolean {
    let [one, two] = [text.charCodeAt(0), text.charCodeAt(1)];
    for (let at = 2; at < text.length; at += 1) {
      const three = text.charCodeAt(at);
      if (this.prefixes[hash(one, two, three)] === 1) return true;
      one = two;
      two = three;
    }
    return false;
  }
}

function hash(one: number, two: number, three: number): number {
  return (one * 961 + two * 31 + three) & 0xffff;
}
