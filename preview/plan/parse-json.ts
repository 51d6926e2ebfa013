import { isArray, isObject, type Json, WrittenNumber } from "../json";

/**
 * Parses JSON without losing digits: a number that a double cannot represent becomes a {@link WrittenNumber}.
 *
 * @throws SyntaxError if the text is not JSON
 */
export function parseJson(text: string): Json {
  if (!mayLoseDigits(text)) return parsed(text);
  const marked = text.replace(stringOrLongNumber, (token) => (token.startsWith('"') ? token : mark(token)));
  return marked === text ? parsed(text) : unmarked(parsed(marked));
}

/**
 * Whether a text may have numbers that lose digits, which is faster than replacing them. A number with at least
 * {@link longRun} digits includes one of the examined positions. Text inside strings can look like such a number.
 */
function mayLoseDigits(text: string): boolean {
  for (let at = longRun - 1; at < text.length; at += longRun) {
    if (!isDigit(text.charCodeAt(at))) continue;
    let [start, end] = [at, at + 1];
    while (isDigit(text.charCodeAt(start - 1))) start -= 1;
    while (isDigit(text.charCodeAt(end))) end += 1;
    if (end - start >= longRun && isLossy(text, start, end)) return true;
    at = end;
  }
  return false;
}

/** Whether a run of digits is a whole number, and a double does not represent it. */
function isLossy(text: string, start: number, end: number): boolean {
  const number = text.slice(start, end);
  return (
    /(?:^|[:[,\s])-?$/.test(text.slice(Math.max(0, start - 2), start)) &&
    /^(?:[1-9]|0\.)/.test(number) &&
    /^(?:[,}\]\seE]|$)/.test(text.charAt(end)) &&
    String(Number(number)) !== number
  );
}

/** Whether a character is a digit or a decimal point. */
function isDigit(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x2e;
}

/** A double represents all numbers with fewer digits, one of which can be a decimal point. */
const longRun = 15;

const stringOrLongNumber = /"(?:[^"\\]|\\.)*"|-?\d[\d.]{14,}(?:[eE][+-]?\d+)?/g;
/** Not a possible start of a string: Terraform does not allow U+0000 in strings. */
const prefix = "\0number:";

function mark(token: string): string {
  return String(Number(token)) === token ? token : JSON.stringify(prefix + token);
}

function parsed(text: string): Json {
  return JSON.parse(text) as Json;
}

function unmarked(value: Json): Json {
  if (typeof value === "string")
    return value.startsWith(prefix) ? new WrittenNumber(value.slice(prefix.length)) : value;
  if (isArray(value)) return value.map(unmarked);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, member === undefined ? undefined : unmarked(member)]),
  );
}
