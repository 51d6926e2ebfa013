import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { codeOf } from "../errors/thrown";

/** Hexadecimal sha256 of a file's bytes. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest("hex");
}

/** How many line feeds a file has. */
export async function countLines(file: string): Promise<number> {
  let count = 0;
  for await (const piece of createReadStream(file) as AsyncIterable<Buffer>) {
    for (let at = piece.indexOf("\n"); at >= 0; at = piece.indexOf("\n", at + 1)) count += 1;
  }
  return count;
}

/**
 * Makes a folder and those above it, as far as they are missing. Node's own `recursive` says of a full disk that
 * there is no such folder.
 */
export async function makeFolder(path: string): Promise<void> {
  const isThere = (error: unknown) => {
    if (codeOf(error) !== "EEXIST") throw error;
  };
  try {
    await mkdir(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") {
      isThere(error);
      return;
    }
    await makeFolder(dirname(path));
    await mkdir(path).catch(isThere);
  }
}
