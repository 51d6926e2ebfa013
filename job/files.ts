import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { codeOf } from "../errors/thrown";

/** Hexadecimal sha256 of a file's bytes. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest("hex");
}

/** Number of line feeds in a file. */
export async function countLines(file: string): Promise<number> {
  let count = 0;
  for await (const piece of createReadStream(file) as AsyncIterable<Buffer>) {
    for (let at = piece.indexOf("\n"); at >= 0; at = piece.indexOf("\n", at + 1)) count += 1;
  }
  return count;
}

/**
 * Creates a folder and its missing parents. On a full disk, Node's own `recursive` option throws ENOENT instead of
 * ENOSPC.
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

/**
 * Writes a file atomically: writes a draft next to it, then renames the draft.
 *
 * @param write writes the draft to the path it gets
 * @param draft path of the draft. @default - always the same, for a file that one process writes at a time
 */
export async function writeWhole(
  file: string,
  write: (draft: string) => Promise<void>,
  draft = `${file}.draft`,
): Promise<void> {
  await makeFolder(dirname(file));
  try {
    await write(draft);
    await moveWhole(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Replaces a file with a complete one on the same disk, atomically, even if the power fails. */
export async function moveWhole(file: string, target: string): Promise<void> {
  await sync(file);
  await rename(file, target);
  await sync(dirname(target));
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes all bytes at a position. On a nearly full disk, a single write can succeed with fewer bytes. */
export async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
