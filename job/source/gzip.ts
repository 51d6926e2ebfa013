import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { codeOf, messageOf } from "../../errors/thrown";

/** Something after the end of the content that is neither another member nor padding. */
class TrailingError extends Error {
  override readonly message = "something that is not gzip follows its compressed content";
}

/**
 * Unpacks gzip as gunzip does: several members one after the other (RFC 1952), optional header fields, zeros that fill
 * up a block of a tape or an object. Every checksum and length is compared; anything else after the end is an error.
 */
export class GzipReader {
  /** Bytes up to the last one that is not zero. */
  private dense = 0;

  /**
   * @returns the content, in pieces
   * @throws Error that `gzipFault` explains when the bytes are cut short or damaged
   */
  async *read(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    // At Node's default of 16 KiB inflating is three times slower.
    const inflate = createGunzip({ chunkSize: 256 << 10 });
    const fed = pipeline(this.withoutPadding(chunks), inflate);
    // Thrown below, where the other end of the stream fails too.
    fed.catch(() => undefined);
    let ended = false;
    try {
      // What follows the content is still to be written, and looked at.
      yield* inflate.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
      ended = true;
    } finally {
      if (!ended) inflate.destroy();
    }
    await fed.catch((error: unknown) => {
      throw isOfZlib(error) ? new TrailingError() : error;
    });
    // Node stops at the end of the content and says nothing of what follows.
    const { bytesWritten } = inflate;
    if (bytesWritten < this.dense) throw new TrailingError();
  }

  /** Holds back zeros until something follows: at the end only so many are passed on as may belong to the content. */
  private async *withoutPadding(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let [zeros, total] = [0, 0];
    for await (const chunk of chunks) {
      const end = lastNonZero(chunk) + 1;
      if (end > 0) {
        for (; zeros > 0; zeros -= Math.min(zeros, block)) yield Buffer.alloc(Math.min(zeros, block));
        this.dense = total + end;
        yield chunk.subarray(0, end);
      }
      zeros += chunk.length - end;
      total += chunk.length;
    }
    yield Buffer.alloc(Math.min(zeros, kept));
  }
}

const block = 64 << 10;
/** More zeros than this never end a member: its last block, checksum and length. */
const kept = 64;

function lastNonZero(chunk: Buffer): number {
  let index = chunk.length - 1;
  while (index >= 0 && chunk[index] === 0) index -= 1;
  return index;
}

/**
 * What is wrong with compressed content, to be said after `is`; undefined when the error is about something else.
 *
 * @param lines how many lines of it could be read. @default - it is not made of lines
 */
export function gzipFault(error: unknown, lines?: number): string | undefined {
  const code = codeOf(error);
  if (code === "Z_BUF_ERROR")
    return `cut short: its compressed content ${lines === undefined ? "does not end" : `ends in line ${lines + 1}`}`;
  if (error instanceof TrailingError) return `damaged: ${error.message}`;
  if (isOfZlib(error))
    return `damaged: its compressed content does not check out${lines === undefined ? "" : ` after line ${lines}`} (${messageOf(error)})`;
  return undefined;
}

/** What zlib finds fault with; its stream also stumbles over what follows the end, when it comes in small pieces. */
function isOfZlib(error: unknown): boolean {
  return /^(Z_|ERR_STREAM_PUSH_AFTER_EOF|ERR_+[A-Z_]*(FORMAT|BROTLI|PADDING))/.test(codeOf(error) ?? "");
}
