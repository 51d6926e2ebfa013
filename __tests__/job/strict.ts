/**
 * A second parser of sources, to compare the job with: it reads character by character, without regular expressions or
 * an engine.
 */
import type { ColumnType } from "../../dataset";

/** A value as text: numbers without exponent, times in microseconds since 1970. */
export type Strict = string | null;

/** Thrown for a text that is not a valid value of its type. */
export class NoValue extends Error {}

/** The characters of a text. */
const each = (text: string) => Array.from(text);

const isDigit = (character: string | undefined) =>
  character !== undefined && character >= "0" && character <= "9";

/** Reads a text from start to end. */
class Cursor {
  private at = 0;
  constructor(private readonly text: string) {}
  peek(): string | undefined {
    return this.text[this.at];
  }
  take(...wanted: readonly string[]): string | undefined {
    const found = wanted.find((piece) => this.text.startsWith(piece, this.at));
    if (found !== undefined) this.at += found.length;
    return found;
  }
  digits(least: number, most: number): string {
    const start = this.at;
    while (isDigit(this.peek()) && this.at - start < most) this.at += 1;
    if (this.at - start < least) throw new NoValue();
    return this.text.slice(start, this.at);
  }
  end(): void {
    if (this.at < this.text.length) throw new NoValue();
  }
}

/** @throws NoValue */
export function strictValue(type: ColumnType, text: string): string {
  switch (type) {
    case "STRING":
      if (text.includes("\0") || text.includes("\uFFFD")) throw new NoValue();
      return text;
    case "BOOLEAN":
      return boolean(text);
    case "INTEGER":
      return integer(trimmed(text));
    case "FLOAT":
      return float(trimmed(text));
    case "NUMERIC":
      return numeric(trimmed(text));
    case "DATE":
    case "DATETIME":
    case "TIMESTAMP":
      return time(type, text.slice(text.length - trimmed(`${text}.`).length + 1));
  }
}

function trimmed(text: string): string {
  let [start, end] = [0, text.length];
  while (text[start] === " " || text[start] === "\t") start += 1;
  while (end > start && (text[end - 1] === " " || text[end - 1] === "\t")) end -= 1;
  return text.slice(start, end);
}

function boolean(text: string): string {
  switch (text.toLowerCase()) {
    case "true":
    case "t":
    case "yes":
    case "y":
    case "1":
      return "true";
    case "false":
    case "f":
    case "no":
    case "n":
    case "0":
      return "false";
    default:
      throw new NoValue();
  }
}

/** Sign, digits before and after the decimal point, and the rest. */
function number(text: string) {
  const cursor = new Cursor(text);
  const sign = cursor.take("+", "-") === "-" ? "-" : "";
  const whole = cursor.digits(0, Infinity);
  const point = cursor.take(".") !== undefined;
  const decimals = point ? cursor.digits(0, Infinity) : "";
  return { cursor, sign, whole, point, decimals };
}

function integer(text: string): string {
  const { cursor, sign, whole, point, decimals } = number(text);
  cursor.end();
  if (whole === "" && decimals === "") throw new NoValue();
  if (point && each(decimals).some((digit) => digit !== "0")) throw new NoValue();
  const value = BigInt(`${sign}${whole === "" ? "0" : whole}`);
  if (value > 2n ** 63n - 1n || value < -(2n ** 63n)) throw new NoValue();
  return String(value);
}

function float(text: string): string {
  const lower = text.toLowerCase();
  const unsigned = lower.startsWith("-") || lower.startsWith("+") ? lower.slice(1) : lower;
  if (unsigned === "inf" || unsigned === "infinity") return lower.startsWith("-") ? "-Infinity" : "Infinity";
  if (lower === "nan") return "NaN";
  const { cursor, whole, point, decimals } = number(text);
  if (whole === "" && decimals === "") throw new NoValue();
  const exponent = cursor.take("e", "E") !== undefined;
  if (exponent) {
    cursor.take("+", "-");
    cursor.digits(1, Infinity);
  }
  cursor.end();
  const value = Number(text);
  if (!Number.isFinite(value)) throw new NoValue();
  const isZero = each(whole + decimals).every((digit) => digit === "0");
  if (value === 0 && !isZero) throw new NoValue();
  // An integer without a decimal point must be represented exactly.
  if (!point && !exponent && BigInt(value) !== BigInt(text.startsWith("+") ? text.slice(1) : text))
    throw new NoValue();
  return Object.is(value, -0) ? "-0" : String(value);
}

function numeric(text: string): string {
  const { cursor, sign, whole, decimals } = number(text);
  cursor.end();
  if (whole === "" && decimals === "") throw new NoValue();
  const significant = whole.replace(/^0+/, "");
  const kept = decimals.slice(0, 9).padEnd(9, "0");
  if (significant.length > 29 || each(decimals.slice(9)).some((digit) => digit !== "0")) throw new NoValue();
  const isZero = significant === "" && kept === "000000000";
  return `${isZero ? "" : sign}${significant === "" ? "0" : significant}.${kept}`;
}

const million = 1_000_000n;
const first = BigInt(Date.UTC(2001, 0, 1) - 730_485 * 86_400_000) * 1000n;
const last = BigInt(Date.UTC(10_000, 0, 1)) * 1000n - 1n;

function time(type: "DATE" | "DATETIME" | "TIMESTAMP", text: string): string {
  const cursor = new Cursor(text);
  const must = (...wanted: readonly string[]) => {
    if (cursor.take(...wanted) === undefined) throw new NoValue();
  };
  const between = (digits: string, least: number, most: number) => {
    const value = Number(digits);
    if (value < least || value > most) throw new NoValue();
    return value;
  };
  const year = between(cursor.digits(4, 4), 1, 9999);
  must("-");
  const month = between(cursor.digits(2, 2), 1, 12);
  must("-");
  const day = between(cursor.digits(2, 2), 1, 31);
  const midnight = new Date(0);
  midnight.setUTCFullYear(year, month - 1, day);
  if (midnight.getUTCMonth() !== month - 1) throw new NoValue();
  const start = BigInt(midnight.getTime()) * 1000n;
  if (type === "DATE") {
    cursor.end();
    return String(start / (86_400n * million));
  }
  if (cursor.take(" ", "T") === undefined) {
    cursor.end();
    return String(start);
  }
  const hour = between(cursor.digits(2, 2), 0, 23);
  must(":");
  const minute = between(cursor.digits(2, 2), 0, 59);
  let micros = start + BigInt(hour * 3600 + minute * 60) * million;
  if (cursor.take(":") === undefined) {
    cursor.end();
    return String(micros);
  }
  micros += BigInt(between(cursor.digits(2, 2), 0, 59)) * million;
  if (cursor.take(".") !== undefined) {
    const decimals = cursor.digits(1, Infinity);
    if (each(decimals.slice(6)).some((digit) => digit !== "0")) throw new NoValue();
    micros += BigInt(decimals.slice(0, 6).padEnd(6, "0"));
  }
  if (type === "TIMESTAMP" && cursor.take("Z", " UTC") === undefined) {
    const sign = cursor.take("+", "-");
    if (sign !== undefined) {
      const hours = between(cursor.digits(2, 2), 0, 14);
      const colon = cursor.take(":");
      const rest = colon !== undefined || isDigit(cursor.peek()) ? between(cursor.digits(2, 2), 0, 59) : 0;
      if (hours * 60 + rest > 14 * 60) throw new NoValue();
      micros -= BigInt((sign === "-" ? -1 : 1) * (hours * 60 + rest) * 60) * million;
    }
  }
  cursor.end();
  if (micros < first || micros > last) throw new NoValue();
  return String(micros);
}

/** A record: its line, and its fields; undefined if it does not conform to RFC 4180. */
export interface StrictRecord {
  readonly line: number;
  readonly fields: readonly string[] | undefined;
}

/** The records of a text, including its header. The text must not end inside quotes. */
export function strictRecords(text: string, delimiter = ",", quote = '"'): StrictRecord[] {
  const records: StrictRecord[] = [];
  let [line, at] = [1, text.startsWith("\uFEFF") ? 1 : 0];
  while (at < text.length) {
    const [begins, start] = [line, at];
    const fields: string[] = [];
    let wellFormed = true;
    let ends = false;
    while (!ends) {
      const quoted = text[at] === quote;
      let value = "";
      if (quoted) {
        for (at += 1; text[at] !== quote || text[at + 1] === quote; at += 1) {
          if (text[at] === quote) at += 1;
          if (text[at] === "\n") line += 1;
          value += text[at] ?? "";
        }
        at += 1;
      }
      let plain = "";
      while (at < text.length && text[at] !== delimiter && text[at] !== "\n") plain += text[at++] ?? "";
      ends = at >= text.length || text[at] === "\n";
      if (ends) while (plain.endsWith("\r")) plain = plain.slice(0, -1);
      const spaces = plain.split(quote)[0] ?? "";
      const spacedQuote = plain.includes(quote) && spaces !== "" && trimmed(spaces) === "";
      if (plain.includes("\r") || (quoted ? plain !== "" : spacedQuote)) wellFormed = false;
      fields.push(value + plain);
      at += 1;
    }
    line += 1;
    const isBlank = each(text.slice(start, at - 1)).every((character) => character === "\r");
    if (!isBlank) records.push({ line: begins, fields: wellFormed ? fields : undefined });
  }
  return records;
}
