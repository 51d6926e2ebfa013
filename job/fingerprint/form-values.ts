/** Reads texts in other forms than the standard one. Shares no code with the grammars, and none with DuckDB. */
import type { ColumnType } from "../../dataset";
import type { TextForm } from "../schema/text-form";
import { addMicros, addWhole, daysOf, type ReadText, readTime, textReaders } from "./text-values";
import { localOffsets, type OffsetAt } from "./time-zone";

/** The reader of a column's texts. */
export function textReader(type: ColumnType, form: TextForm | undefined): ReadText {
  if (form === undefined) return textReaders[type];
  const offsetAt = form.timeZone === undefined ? undefined : localOffsets(form.timeZone);
  switch (type) {
    case "STRING":
    case "BOOLEAN":
      return textReaders[type];
    case "INTEGER":
    case "FLOAT":
    case "NUMERIC":
      return numberReader(textReaders[type], form);
    case "DATE":
    case "DATETIME":
    case "TIMESTAMP":
      if (form.format === undefined)
        return (sum, memory, from, to) => readTime(sum, memory, from, to, true, offsetAt);
      return formatReader(type, form.format, offsetAt);
  }
}

/** Removes what separates groups, and replaces the decimal sign with a point. */
function numberReader(read: ReadText, { decimal, thousands }: TextForm): ReadText {
  const sign = decimal.charCodeAt(0);
  const separators = thousands === " " ? [" ", "\u00a0", "\u202f"] : thousands === "" ? [] : [thousands];
  const groups = separators.map((text) => Buffer.from(text));
  let plain = Buffer.alloc(64);
  return (sum, memory, from, to) => {
    if (to - from > plain.length) plain = Buffer.alloc((to - from) * 2);
    let length = 0;
    for (let at = from; at < to; at += 1) {
      const group = groups.find(
        (bytes) =>
          memory[at] === bytes[0] && bytes.compare(memory, at, Math.min(at + bytes.length, to)) === 0,
      );
      if (group !== undefined) at += group.length - 1;
      else plain[length++] = memory[at] === sign ? 46 : (memory[at] ?? 0);
    }
    return read(sum, plain, 0, length);
  };
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const [monthFirst, monthRest] = [3, 9];

/** Reads a text along its format, character by character. */
function formatReader(type: ColumnType, format: string, offsetAt: OffsetAt | undefined): ReadText {
  return (sum, memory, from, to) => {
    const text = memory.toString("latin1", from, to).trim();
    const read = parsed(text, format);
    if (read === undefined) return false;
    const days = daysOf(read.year, read.month, read.day);
    if (days === undefined) return false;
    if (type === "DATE") {
      addWhole(sum, days);
      return true;
    }
    const hour = read.half === undefined ? read.hour : (read.hour % 12) + (read.half === "p" ? 12 : 0);
    const seconds = hour * 3600 + read.minute * 60 + read.second;
    const offset = read.offset ?? offsetAt?.((days + epochDays) * 86_400 + seconds) ?? 0;
    addMicros(sum, days, seconds * 1e6 + read.micros - offset);
    return true;
  };
}

/** Days from 1970-01-01 to 2000-01-01. */
const epochDays = 10_957;

function parsed(text: string, format: string) {
  const value = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0, micros: 0 };
  let half: string | undefined;
  let offset: number | undefined;
  let at = 0;
  const digits = (most: number): string => {
    const start = at;
    while (at - start < most && text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at += 1;
    return text.slice(start, at);
  };
  for (let index = 0; index < format.length; index += 1) {
    const character = format[index];
    if (character !== "%" || format[index + 1] === "%") {
      if (character === "%") index += 1;
      if (text[at] !== character) return undefined;
      at += 1;
      continue;
    }
    index += 1;
    const name = format[index];
    if (name === "b" || name === "B") {
      const month = months.indexOf(text.slice(at, at + monthFirst).toLowerCase()) + 1;
      if (month === 0) return undefined;
      at += monthFirst;
      if (name === "B") at += /^[a-z]*/i.exec(text.slice(at, at + monthRest))?.[0].length ?? 0;
      value.month = month;
    } else if (name === "p") {
      half = text[at]?.toLowerCase();
      at += 2;
    } else if (name === "z") {
      const [zone, sign, hours = "0", minutes = "0"] =
        /^(?:Z|([+-])(\d\d):?(\d\d)?)/.exec(text.slice(at)) ?? [];
      if (zone === undefined) return undefined;
      at += zone.length;
      offset = (sign === "-" ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60) * 1e6;
    } else {
      const found = digits(name === "Y" ? 4 : name === "f" ? 6 : 2);
      if (found === "") return undefined;
      const number = Number(found);
      if (name === "Y") value.year = number;
      else if (name === "y") value.year = number + (number < 69 ? 2000 : 1900);
      else if (name === "m") value.month = number;
      else if (name === "d") value.day = number;
      else if (name === "H" || name === "I") value.hour = number;
      else if (name === "M") value.minute = number;
      else if (name === "S") value.second = number;
      else if (name === "f") value.micros = Number(found.padEnd(6, "0"));
    }
  }
  const isTime = value.hour < 24 && value.minute < 60 && value.second < 60;
  return at === text.length && isTime ? { ...value, half, offset } : undefined;
}
