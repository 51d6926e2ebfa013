import type { ColumnType } from "../../dataset";
import type { ColumnSum } from "./fingerprint";
import type { OffsetAt } from "./time-zone";

/**
 * Parses a value and adds it to a sum. Independent of DuckDB and of the grammars that reject rows, so that it can check
 * both: it determines what a text means, not whether it is allowed.
 *
 * @returns false when the text is not a valid value of the type
 */
export type ReadText = (sum: ColumnSum, memory: Buffer, from: number, to: number) => boolean;

export const textReaders: Readonly<Record<ColumnType, ReadText>> = {
  STRING: (sum, memory, from, to) => {
    sum.hashes.addText(memory, from, to);
    return true;
  },
  INTEGER: readInteger,
  FLOAT: readFloat,
  NUMERIC: readNumeric,
  BOOLEAN: readBoolean,
  DATE: readDate,
  DATETIME: (sum, memory, from, to) => readTime(sum, memory, from, to, false),
  TIMESTAMP: (sum, memory, from, to) => readTime(sum, memory, from, to, true),
};

const [zero, nine, plus, minus, point] = [48, 57, 43, 45, 46];
/** Number of decimal digits that a double always represents exactly. */
const exactDigits = 15;

function readInteger(sum: ColumnSum, memory: Buffer, from: number, to: number): boolean {
  const sign = memory[from];
  let at = sign === minus || sign === plus ? from + 1 : from;
  if (at === to || to - at > exactDigits) return readLongInteger(sum, memory, from, to);
  let value = 0;
  for (; at < to; at += 1) {
    const byte = memory[at] ?? 0;
    if (byte < zero || byte > nine) return readLongInteger(sum, memory, from, to);
    value = value * 10 + (byte - zero);
  }
  addWhole(sum, sign === minus ? -value : value);
  return true;
}

/** Adds an integer that a double represents exactly. */
export function addWhole({ hashes }: ColumnSum, value: number): void {
  const high = Math.floor(value / 2 ** 32);
  hashes.addInteger((value - high * 2 ** 32) | 0, high | 0);
}

function readLongInteger(sum: ColumnSum, memory: Buffer, from: number, to: number): boolean {
  const [, sign, digits = "", behind] = /^([+-]?)(\d*)(\.0*)?$/.exec(trimmed(memory, from, to)) ?? [];
  if (sign === undefined || (digits === "" && (behind ?? "").length < 2)) return false;
  const value = BigInt(digits) * (sign === "-" ? -1n : 1n);
  if (BigInt.asIntN(64, value) !== value) return false;
  addLong(sum, value);
  return true;
}

function addLong({ hashes }: ColumnSum, value: bigint): void {
  hashes.addInteger(Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n)));
}

const powersOfTen = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));
const double = new Float64Array(1);
const doubleWords = new Int32Array(double.buffer);

function readFloat(sum: ColumnSum, memory: Buffer, from: number, to: number): boolean {
  const sign = memory[from];
  let at = sign === minus || sign === plus ? from + 1 : from;
  if (at === to || to - at > exactDigits + 1) return readLongFloat(sum, memory, from, to);
  let digits = 0;
  let decimals = -1;
  for (; at < to; at += 1) {
    const byte = memory[at] ?? 0;
    if (byte === point && decimals < 0) {
      decimals = to - at - 1;
    } else {
      if (byte < zero || byte > nine) return readLongFloat(sum, memory, from, to);
      digits = digits * 10 + (byte - zero);
    }
  }
  if (digits > 2 ** 53) return readLongFloat(sum, memory, from, to);
  // Both numbers are exact, so their quotient is the nearest double.
  const value = decimals > 0 ? digits / (powersOfTen[decimals] ?? 1) : digits;
  addFloat(sum, sign === minus ? -value : value);
  return true;
}

function readLongFloat(sum: ColumnSum, memory: Buffer, from: number, to: number): boolean {
  const text = trimmed(memory, from, to);
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) addFloat(sum, Number(text));
  else if (/^[+-]?inf(inity)?$/i.test(text)) addFloat(sum, text.startsWith("-") ? -Infinity : Infinity);
  else if (/^[+-]?nan$/i.test(text)) addFloat(sum, Number.NaN);
  else return false;
  return true;
}

function addFloat({ hashes }: ColumnSum, value: number): void {
  double[0] = value;
  hashes.addDouble(doubleWords[0] ?? 0, doubleWords[1] ?? 0);
}

const scale = 9;

function readNumeric(sum: ColumnSum, memory: Buffer, from: number, to: number): boolean {
  const text = trimmed(memory, from, to);
  const [, sign, whole = "", fraction = "", exponent = "0"] =
    /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  if (sign === undefined || whole + fraction === "" || Math.abs(Number(exponent)) > 1000) return false;
  const shift = scale + Number(exponent) - fraction.length;
  const digits = BigInt(whole + fraction) * (sign === "-" ? -1n : 1n);
  if (shift >= 0) {
    sum.addNumeric(digits * 10n ** BigInt(shift));
    return true;
  }
  const divisor = 10n ** BigInt(-shift);
  if (digits % divisor !== 0n) return false;
  sum.addNumeric(digits / divisor);
  return true;
}

const truths: Readonly<Record<string, 0 | 1>> = {
  ...{ true: 1, t: 1, yes: 1, y: 1, on: 1, "1": 1 },
  ...{ false: 0, f: 0, no: 0, n: 0, off: 0, "0": 0 },
};

function readBoolean({ hashes }: ColumnSum, memory: Buffer, from: number, to: number): boolean {
  const truth = truths[trimmed(memory, from, to).toLowerCase()];
  if (truth === undefined) return false;
  hashes.addInteger(truth, 0);
  return true;
}

function readDate(sum: ColumnSum, memory: Buffer, from: number, to: number): boolean {
  const days = to - from === dateLength ? dayAt(memory, from) : undefined;
  if (days !== undefined) {
    addWhole(sum, days);
    return true;
  }
  const text = trimmed(memory, from, to);
  return text.length !== to - from && readDate(sum, Buffer.from(text, "latin1"), 0, text.length);
}

const dateLength = "2019-01-31".length;
/** Days from 1970-01-01 to 2000-01-01, the epoch of the hashes. */
const epochDays = 10_957;
const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Days from 2000-01-01 to the date of ten characters at `at`; undefined when it is not valid. */
function dayAt(memory: Buffer, at: number): number | undefined {
  if (memory[at + 4] !== minus || memory[at + 7] !== minus) return undefined;
  const year = numberAt(memory, at, 4);
  const month = numberAt(memory, at + 5, 2);
  const day = numberAt(memory, at + 8, 2);
  return daysOf(year, month, day);
}

/** Days from 2000-01-01 to a date; undefined when it is not valid. */
export function daysOf(year: number, month: number, day: number): number | undefined {
  if (Number.isNaN(year + month + day) || month < 1 || month > 12 || day < 1) return undefined;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const longest = month === 2 && isLeap ? 29 : (monthLengths[month - 1] ?? 0);
  if (day > longest) return undefined;
  return daysTo(year, month, day) - epochDays;
}

/** Days since 1970-01-01. https://howardhinnant.github.io/date_algorithms.html#days_from_civil */
function daysTo(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** NaN when a byte is not a digit. */
function numberAt(memory: Buffer, at: number, length: number): number {
  let value = 0;
  for (let index = 0; index < length; index += 1) {
    const byte = memory[at + index] ?? 0;
    if (byte < zero || byte > nine) return Number.NaN;
    value = value * 10 + (byte - zero);
  }
  return value;
}

const secondLength = "2019-01-31 12:34:56".length;
const colon = 58;
const dayMicros = 86_400_000_000;

/**
 * @param zoned whether a time may have an offset
 * @param offsetAt offset of a time without one. @default - UTC
 */
export function readTime(
  sum: ColumnSum,
  memory: Buffer,
  from: number,
  to: number,
  zoned: boolean,
  offsetAt?: OffsetAt,
): boolean {
  const separator = memory[from + dateLength];
  const isPlain =
    to - from === secondLength &&
    (separator === 32 || separator === 84) &&
    memory[from + 13] === colon &&
    memory[from + 16] === colon;
  if (!isPlain) return readLongTime(sum, trimmed(memory, from, to), zoned, offsetAt);
  const days = dayAt(memory, from);
  const hour = numberAt(memory, from + 11, 2);
  const minute = numberAt(memory, from + 14, 2);
  const second = numberAt(memory, from + 17, 2);
  if (days === undefined || !(hour < 24 && minute < 60 && second < 60)) return false;
  const seconds = hour * 3600 + minute * 60 + second;
  addMicros(sum, days, seconds * 1e6 - localOffset(days, seconds, offsetAt));
  return true;
}

const timeForm =
  /^(.{10})(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6})0*)?)?)?(?: ?(z|utc|[+-]\d\d(?::?\d\d(?::?\d\d)?)?))?$/i;

/** Offset of a local time in microseconds. */
function localOffset(days: number, seconds: number, offsetAt: OffsetAt | undefined): number {
  return offsetAt === undefined ? 0 : offsetAt((days + epochDays) * 86_400 + seconds);
}

function readLongTime(sum: ColumnSum, text: string, zoned: boolean, offsetAt?: OffsetAt): boolean {
  const [whole, date = "", hour = "0", minute = "0", second = "0", fraction = "", zone = ""] =
    timeForm.exec(text) ?? [];
  const days = whole === undefined ? undefined : dayAt(Buffer.from(date, "latin1"), 0);
  if (days === undefined || (zone !== "" && !zoned)) return false;
  const [hours, minutes, seconds] = [Number(hour), Number(minute), Number(second)];
  if (hours > 23 || minutes > 59 || seconds > 59) return false;
  const ofDay = hours * 3600 + minutes * 60 + seconds;
  const offset = zone === "" ? localOffset(days, ofDay, offsetAt) : offsetOf(zone);
  addMicros(sum, days, ofDay * 1e6 + Number(fraction.padEnd(6, "0")) - offset);
  return true;
}

/** Offset of a time zone from UTC, in microseconds. */
function offsetOf(zone: string): number {
  const [, sign, hours = "0", minutes = "0", seconds = "0"] =
    /^([+-])(\d\d):?(\d\d)?:?(\d\d)?$/.exec(zone) ?? [];
  if (sign === undefined) return 0;
  const micros = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1e6;
  return sign === "-" ? -micros : micros;
}

export function addMicros(sum: ColumnSum, days: number, micros: number): void {
  const total = days * dayMicros + micros;
  if (Number.isSafeInteger(total)) addWhole(sum, total);
  else addLong(sum, BigInt(days) * BigInt(dayMicros) + BigInt(micros));
}

function trimmed(memory: Buffer, from: number, to: number): string {
  return memory.toString("latin1", from, to).trim();
}
