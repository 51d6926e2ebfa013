import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { makeFolder } from "../files";
import { writeAll } from "../files";
import { SurplusError, type Answer } from "./http-request";
import { dropPart, writePart, type Part } from "./part";
import type { Content } from "./verdict";

/**
 * Writes the body of an answer to the file, and beside it which version it is of.
 *
 * @param part what was there before
 * @param onBytes told how many of the whole's bytes are there
 * @returns the whole, or "more" when the answer was a piece of it
 * @throws Error when the connection breaks; what has arrived is kept, unless it is of no use
 */
export async function received(
  file: string,
  answer: Answer,
  { version, start, end, partial }: Content,
  part: Part | undefined,
  onBytes: (bytes: number) => void,
): Promise<Part | "more"> {
  const goesOn = start > 0;
  const pieces = goesOn ? (part?.pieces ?? 0) + 1 : 1;
  const failures = goesOn ? (part?.failures ?? 0) : 0;
  await makeFolder(dirname(file));
  if (!goesOn) await dropPart(file);
  await writePart(file, { ...version, pieces, failures });
  const handle = await open(file, goesOn ? "r+" : "w");
  let bytes = start;
  try {
    for await (const chunk of answer.body()) {
      if (bytes + chunk.length > (end ?? Infinity)) throw new SurplusError();
      // Each write is waited for: what an attempt leaves is all there before the next one looks.
      await writeAll(handle, chunk, bytes);
      bytes += chunk.length;
      onBytes(bytes);
    }
    if (end !== undefined && bytes !== end) throw new Error(`${bytes} of ${end} bytes arrived`);
  } catch (error) {
    // A part that going on from has brought nothing twice is let go: something is wrong with it, or with the server.
    const vain = goesOn && bytes === start ? failures + 1 : 0;
    if (error instanceof SurplusError || vain >= 2) await dropPart(file);
    else await writePart(file, { ...version, pieces, failures: vain });
    throw error;
  } finally {
    await handle.close();
    answer.discard();
  }
  const done = { ...version, bytes, pieces, failures: 0 };
  if (!partial || bytes === version.total) return done;
  await writePart(file, done);
  return "more";
}
