/** Empties the lines of a CSV text that are skipped, as it arrives: the numbers of the others do not change. */
import { csvDialect, newline } from "./csv-dialect";
import type { TextStep } from "./decode";
import type { SpecSource } from "../../dataset";

/** The step that empties comments and the first lines; undefined when the specification has none. */
export function lineSkipper(source: SpecSource): TextStep | undefined {
  const { comment, skipLines = 0 } = source;
  if (comment === undefined && skipLines === 0) return undefined;
  return async function* (chunks) {
    const skipped = new SkippedLines(source);
    for await (const chunk of chunks) yield skipped.push(chunk);
    yield skipped.finish();
  };
}

/** Where in a record the text is: what a line break means depends on it. */
type Place =
  /** At the beginning of a line outside quotes, which may be a comment. */
  | "line"
  /** At the beginning of a field. */
  | "field"
  | "text"
  | "quoted"
  /** After a quote in quotes: the end of the field, or half of a doubled quote. */
  | "after quote"
  /** In a line that is skipped. */
  | "skipped";

export class SkippedLines {
  private place: Place = "line";
  private left: number;
  private readonly comment: Buffer | undefined;
  private readonly delimiter: number;
  private readonly quote: number;
  /** The beginning of a line that may be a comment. */
  private held: Buffer = Buffer.alloc(0);
  private isStart = true;

  constructor(source: SpecSource) {
    const { delimiter, quote } = csvDialect({ source });
    this.delimiter = delimiter;
    this.quote = quote;
    this.left = source.skipLines ?? 0;
    this.comment = source.comment === undefined ? undefined : Buffer.from(source.comment);
  }

  push(chunk: Buffer): Buffer {
    const bytes = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    return this.read(bytes, false);
  }

  finish(): Buffer {
    return this.read(this.held, true);
  }

  private read(bytes: Buffer, isLast: boolean): Buffer {
    const { comment, delimiter, quote } = this;
    const kept = Buffer.allocUnsafe(bytes.length);
    let length = 0;
    let at = 0;
    if (this.isStart && bytes.length < byteOrderMark.length && !isLast) {
      this.held = Buffer.from(bytes);
      return Buffer.alloc(0);
    }
    if (this.isStart && byteOrderMark.every((byte, index) => bytes[index] === byte)) {
      length = bytes.copy(kept, 0, 0, byteOrderMark.length);
      at = byteOrderMark.length;
    }
    this.isStart = false;
    this.held = Buffer.alloc(0);
    for (; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0;
      if (this.place === "line") {
        if (this.left > 0) {
          this.left -= 1;
          this.place = "skipped";
        } else if (comment !== undefined && byte === comment[0]) {
          if (bytes.length - at < comment.length && !isLast) {
            this.held = Buffer.from(bytes.subarray(at));
            break;
          }
          if (comment.equals(bytes.subarray(at, at + comment.length))) this.place = "skipped";
        }
      }
      if (this.place !== "skipped") kept[length++] = byte;
      switch (this.place) {
        case "skipped":
          if (byte !== newline) break;
          kept[length++] = newline;
          this.place = "line";
          break;
        case "quoted":
          if (byte === quote) this.place = "after quote";
          break;
        case "after quote":
          this.place = byte === quote ? "quoted" : this.next(byte);
          break;
        case "line":
        case "field":
          this.place = byte === quote ? "quoted" : this.next(byte);
          break;
        case "text":
          if (byte === newline || byte === delimiter) this.place = this.next(byte);
          break;
      }
    }
    return kept.subarray(0, length);
  }

  private next(byte: number): Place {
    if (byte === newline) return "line";
    return byte === this.delimiter ? "field" : "text";
  }
}

const byteOrderMark = [0xef, 0xbb, 0xbf];
