import { carriageReturn, newline } from "./csv-state";

/**
 * The lines of a text in which records begin, counted from 1.
 *
 * @param starts where the records begin, in bytes from 0, ascending; line breaks that stand there are skipped
 */
export async function linesAt(chunks: AsyncIterable<Buffer>, starts: readonly number[]): Promise<number[]> {
  const lines: number[] = [];
  let line = 1;
  let position = 0;
  let [next = Infinity] = starts;
  for await (const chunk of chunks) {
    for (let index = 0; index < chunk.length; index += 1, position += 1) {
      if (chunk[index] === newline) {
        line += 1;
      } else if (position >= next && chunk[index] !== carriageReturn) {
        lines.push(line);
        next = starts[lines.length] ?? Infinity;
      }
    }
    if (next === Infinity) break;
  }
  return lines;
}
