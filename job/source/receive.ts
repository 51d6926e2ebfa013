import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { makeFolder } from "../files";
import { writeAll } from "../files";
import { SurplusError, type Answer } from "./http-request";
import { dropPart, writePart, type Part } from "./part";
import type { Content } from "./verdict";

/**
 * Writes the body of a response to the file, and its version to a file next to it.
 *
 * @param part what was downloaded before
 * @param onBytes called with the number of bytes of the file so far
 * @returns the complete file, or "more" when the response was a part of it
 * @throws Error when the connection breaks; what has arrived is kept if it can be resumed
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
      // Await each write: the next attempt must see everything that this one has received.
      await writeAll(handle, chunk, bytes);
      bytes += chunk.length;
      onBytes(bytes);
    }
    if (end !== undefined && bytes !== end) throw new Error(`received ${bytes} of ${end} bytes`);
  } catch (error) {
    // Drop a part that was resumed twice without receiving a byte: it, or the server's ranges, cannot be trusted.
    const fruitless = goesOn && bytes === start ? failures + 1 : 0;
    if (error instanceof SurplusError || fruitless >= 2) await dropPart(file);
    else await writePart(file, { ...version, pieces, failures: fruitless });
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
