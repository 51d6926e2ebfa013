import { isArray, isObject, type Json, WrittenNumber } from "../json";

/**
 * Parses JSON without losing digits: a number that a double cannot represent becomes a {@link WrittenNumber}.
 *
 * @throws SyntaxError if the text is not JSON
 */
export function parseJson(text: string): Json {
  if (!hasLongRun(text) || !longNumber.test(text)) return parsed(text);
  const marked = text.replace(stringOrLongNumber, (token) => (token.startsWith('"') ? token : mark(token)));
  return marked === text ? parsed(text) : unmarked(parsed(marked));
}

/** Whether a text has a run of {@link longRun} digits, which includes one of the examined positions. */
function hasLongRun(text: string): boolean {
  for (let at = longRun - 1; at < text.length; at += longRun)
    if (isDigit(text.charCodeAt(at)) && runAround(text, at) >= longRun) return true;
  return false;
}

function runAround(text: string, at: number): number {
  let [start, end] = [at, at + 1];
  while (isDigit(text.charCodeAt(start - 1))) start -= 1;
  while (isDigit(text.charCodeAt(end))) end += 1;
  return end - start;
}

/** Whether a character is a digit or a decimal point. */
function isDigit(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x2e;
}

/** A double represents all numbers with fewer digits, one of which can be a decimal point. */
const longRun = 15;

/** Fast check for numbers with at least {@link longRun} digits. It also matches inside strings. */
const longNumber = /[:[,\s]-?(?:[1-9]\d|0\.|\d\.)[\d.]{13,}/;
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
