import type { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import { type Entry, openPromise } from "yauzl";
import { messageOf } from "../../errors/thrown";
import { Failure } from "../failure";

/**
 * The content of a zip archive's only file, chunk by chunk. Its length and checksum are verified.
 *
 * @param name name of the archive, for messages
 * @throws Failure integrity when the archive is damaged; permanent when it does not contain exactly one file
 */
export async function* unzipped(file: string, name: string): AsyncGenerator<Buffer> {
  try {
    const archive = await openPromise(file, { autoClose: false });
    try {
      const entries: Entry[] = [];
      for await (const entry of archive.eachEntry()) if (!isOther(entry.fileName)) entries.push(entry);
      const [entry, ...others] = entries;
      if (entry === undefined || others.length > 0)
        throw new Failure(
          "permanent",
          `${name} must contain exactly one file, but contains ${listed(entries)}`,
        );
      if (entry.isEncrypted()) throw new Failure("permanent", `${name}: ${entry.fileName} is encrypted`);
      const content: Readable = await archive.openReadStreamPromise(entry);
      let sum = 0;
      for await (const chunk of content as AsyncIterable<Buffer>) {
        sum = crc32(chunk, sum);
        yield chunk;
      }
      if (sum !== entry.crc32)
        throw new Failure("integrity", `${name} is damaged: ${entry.fileName} does not match its checksum`);
    } finally {
      archive.close();
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(
      "integrity",
      `${name} is damaged: the zip archive cannot be read (${messageOf(error)})`,
      {
        cause: error,
      },
    );
  }
}

/** Folders, and what macOS adds to archives. */
function isOther(name: string): boolean {
  return name.endsWith("/") || name.startsWith("__MACOSX/") || name.endsWith(".DS_Store");
}

function listed(entries: readonly Entry[]): string {
  if (entries.length === 0) return "none";
  const names = entries.slice(0, 3).map(({ fileName }) => fileName);
  return `${entries.length}: ${names.join(", ")}${entries.length > 3 ? ", …" : ""}`;
}
