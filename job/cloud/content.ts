import type { File } from "@google-cloud/storage";

export interface ContentOptions {
  /** Whether the object has an MD5 hash; composite objects only have a CRC32C. */
  readonly hasMd5: boolean;
  /** Whether to decompress an object with `Content-Encoding: gzip`. */
  readonly decompress: boolean;
  /** Longest time without a byte before reading fails, in milliseconds. @default 60_000 */
  readonly idleTimeout?: number;
}

/**
 * The bytes of an object as they arrive. At the end, the client verifies the checksum.
 *
 * The client does not detect a broken connection and waits forever: hence the timeout.
 *
 * @throws Error with the code ETIMEDOUT when no byte arrives for `idleTimeout`
 */
export async function* contentOf(
  file: File,
  { hasMd5, decompress, idleTimeout = 60_000 }: ContentOptions,
): AsyncGenerator<Buffer> {
  const stream = file.createReadStream({ validation: hasMd5 ? "md5" : "crc32c", decompress });
  const startTimer = () =>
    setTimeout(() => {
      const error = new Error(`no data received for ${idleTimeout / 1000} s`);
      stream.destroy(Object.assign(error, { code: "ETIMEDOUT" }));
    }, idleTimeout);
  let timer = startTimer();
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      // The time that the consumer takes does not count.
      clearTimeout(timer);
      yield chunk;
      timer = startTimer();
    }
  } finally {
    clearTimeout(timer);
    stream.destroy();
  }
}
