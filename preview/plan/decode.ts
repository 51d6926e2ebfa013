import { isAscii, isUtf8 } from "node:buffer";
import { PreviewInputError } from "../input-error";

/** Decodes a file in UTF-8 or UTF-16, with or without a byte order mark. */
export function decode(bytes: Uint8Array): string {
  if (bytes.length === 0) throw new PreviewInputError("is empty");
  if (bytes[0] === 0x50 && bytes[1] === 0x4b)
    throw new PreviewInputError(`is a binary plan file; ${whatToPass}`);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b)
    throw new PreviewInputError("is compressed; decompress it first");
  const encoding = encodingOf(bytes);
  if (encoding === "utf-8") {
    // Checking and converting separately is faster than the decoder.
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (isAscii(buffer)) return buffer.toString("latin1");
    if (isUtf8(buffer)) return buffer.toString().replace(/^\ufeff/, "");
  }
  try {
    // The decoder removes the byte order mark.
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new PreviewInputError(`is not text; ${whatToPass}`);
  }
}

export const whatToPass = "pass the output of terraform show -json";

function encodingOf(bytes: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  // Redirection in PowerShell can omit the mark. JSON starts with an ASCII character.
  if (second === 0 && first !== 0) return "utf-16le";
  if (first === 0 && second !== 0) return "utf-16be";
  return "utf-8";
}
