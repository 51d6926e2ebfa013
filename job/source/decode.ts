/** Decodes a text to UTF-8 as it arrives. */
import type { SpecSource } from "../../dataset";
import { Failure } from "../failure";

/** A step between the bytes of a file and its reader. */
export type TextStep = (chunks: AsyncIterable<Buffer>) => AsyncGenerator<Buffer>;

/**
 * The step that decodes an encoding; undefined for UTF-8, which is read as it is. What is not valid in the encoding
 * becomes bytes that are not valid UTF-8, so that its row is rejected: no character is replaced.
 *
 * @param name name of the file, for messages
 */
export function decoder(encoding: SpecSource["encoding"], name: string): TextStep | undefined {
  switch (encoding) {
    case undefined:
    case "utf-8":
      return undefined;
    case "utf-16":
      return (chunks) => decodedUtf16(chunks, name);
    case "latin1":
      return (chunks) => decodedBytes(chunks, (byte) => Buffer.from(String.fromCharCode(byte)));
    case "windows-1252":
      return (chunks) => decodedBytes(chunks, windows1252);
  }
}

/** Characters of the bytes from 0x80 to 0x9f in windows-1252; a space where there is none. */
const specials = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";

function windows1252(byte: number): Buffer {
  if (byte < 0x80 || byte > 0x9f) return Buffer.from(String.fromCharCode(byte));
  const character = specials[byte - 0x80] ?? " ";
  // The byte alone is not valid UTF-8.
  return character === " " ? Buffer.from([byte]) : Buffer.from(character);
}

async function* decodedBytes(
  chunks: AsyncIterable<Buffer>,
  characterOf: (byte: number) => Buffer,
): AsyncGenerator<Buffer> {
  const characters = Array.from({ length: 256 }, (_, byte) => characterOf(byte));
  for await (const chunk of chunks) {
    const text = Buffer.allocUnsafe(chunk.length * 3);
    let length = 0;
    for (const byte of chunk) {
      if (byte < 0x80) text[length++] = byte;
      else length += characters[byte]?.copy(text, length) ?? 0;
    }
    yield text.subarray(0, length);
  }
}

async function* decodedUtf16(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  let isBig: boolean | undefined;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (bytes.length < 2) {
      rest = bytes;
      continue;
    }
    isBig ??= isBigEndian(bytes);
    let end = bytes.length & ~1;
    const lastHigh = bytes[end - (isBig ? 2 : 1)] ?? 0;
    // The second half of a surrogate pair is in the next chunk.
    if ((lastHigh & 0xfc) === 0xd8) end -= 2;
    rest = Buffer.from(bytes.subarray(end));
    bytes = Buffer.from(bytes.subarray(0, end));
    yield utf8Of(isBig ? bytes.swap16() : bytes);
  }
  if (rest.length % 2 === 1)
    throw new Failure("integrity", `${name} is truncated: it has half a character of UTF-16 at its end`);
  if (rest.length > 0) yield utf8Of(isBig === true ? rest.swap16() : rest);
}

/** By the byte order mark; without one, by the zeros of the first characters. */
function isBigEndian(bytes: Buffer): boolean {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return true;
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return false;
  return bytes[0] === 0 && bytes[1] !== 0;
}

/** UTF-8 of little-endian UTF-16. Half a surrogate pair is encoded alone, which is not valid UTF-8. */
function utf8Of(bytes: Buffer): Buffer {
  const text = bytes.toString("utf16le");
  if (!/\p{Surrogate}/u.test(text)) return Buffer.from(text);
  return Buffer.concat(
    text.split(/(\p{Surrogate})/u).map((part) => {
      const code = part.charCodeAt(0);
      if (!/^\p{Surrogate}$/u.test(part)) return Buffer.from(part);
      return Buffer.from([0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)]);
    }),
  );
}
