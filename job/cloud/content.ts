import type { File } from "@google-cloud/storage";

export interface ContentOptions {
  /** Whether the object has an MD5; composed ones have only a CRC32C. */
  readonly hasMd5: boolean;
  /** Whether what is stored compressed, without the object's name saying so, arrives as what it is. */
  readonly decompress: boolean;
  /** Longest silence before reading is given up, in milliseconds. @default 60_000 */
  readonly patience?: number;
}

/**
 * The bytes of an object as they arrive; at their end the checksum is compared with the store's.
 *
 * The client says nothing when a connection breaks between two bytes, and waits for ever.
 *
 * @throws Error with the code ETIMEDOUT when no byte arrives for a while
 */
export async function* contentOf(
  file: File,
  { hasMd5, decompress, patience = 60_000 }: ContentOptions,
): AsyncGenerator<Buffer> {
  const stream = file.createReadStream({ validation: hasMd5 ? "md5" : "crc32c", decompress });
  const waiting = () =>
    setTimeout(() => {
      const error = new Error(`no byte arrived for ${patience / 1000} s`);
      stream.destroy(Object.assign(error, { code: "ETIMEDOUT" }));
    }, patience);
  let timer = waiting();
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      // Whoever takes the bytes may take his time.
      clearTimeout(timer);
      yield chunk;
      timer = waiting();
    }
  } finally {
    clearTimeout(timer);
    stream.destroy();
  }
}
