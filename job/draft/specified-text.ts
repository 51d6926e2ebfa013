import type { DatasetSpec } from "../../dataset";
import { GzipReader } from "../source/gzip";
import { unzipped } from "../source/zip";
import { createReadStream } from "node:fs";
import { checkForeign } from "../source/inspect";
import { textSteps } from "../source/text-steps";

/** Bytes that are searched for the rows of a sample. */
const maxBytes = 16 << 20;

/**
 * The first rows of a text file with its header, in UTF-8, as the specification describes it.
 *
 * @param name name of the file, for messages
 * @param cut whether `file` is only the beginning of the source
 * @throws Failure integrity when the file has another format
 */
export async function specifiedText(
  file: string,
  name: string,
  { source }: DatasetSpec,
  cut: boolean,
  rows: number,
): Promise<Buffer> {
  const { compression, format, quote } = source;
  let chunks: AsyncIterable<Buffer> = createReadStream(file);
  if (compression === "zip") chunks = unzipped(file, name);
  if (compression === "gzip") chunks = new GzipReader().read(chunks);
  for (const step of textSteps(source, name)) chunks = step(chunks);
  const pieces: Buffer[] = [];
  let length = 0;
  let isWhole = !cut;
  try {
    for await (const chunk of chunks) {
      pieces.push(chunk);
      length += chunk.length;
      if (length <= maxBytes) continue;
      isWhole = false;
      break;
    }
  } catch (error) {
    // The beginning of a compressed file ends early.
    if (!cut || length === 0) throw error;
    isWhole = false;
  }
  const text = Buffer.concat(pieces);
  checkForeign(text, name, format, compression);
  return firstRecords(text, rows + 1, format === "csv" ? quote.charCodeAt(0) : undefined, isWhole);
}

/** The first records, up to a line break outside quotes. */
function firstRecords(text: Buffer, records: number, quote: number | undefined, isWhole: boolean): Buffer {
  let isQuoted = false;
  let [count, end, lineStart] = [0, 0, 0];
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === quote) isQuoted = !isQuoted;
    if (text[at] !== 10) continue;
    const isBlank = at - lineStart <= 1;
    lineStart = at + 1;
    if (isQuoted) continue;
    end = at + 1;
    if (!isBlank) count += 1;
    if (count === records) return text.subarray(0, end);
  }
  return isWhole ? text : text.subarray(0, end);
}
