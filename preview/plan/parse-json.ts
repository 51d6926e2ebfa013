import { isArray, isObject, type Json, WrittenNumber } from "../json";

/**
 * Parses JSON without losing digits: a number that a double cannot represent becomes a {@link WrittenNumber}.
 *
 * @throws SyntaxError if the text is not JSON
 */
export function parseJson(text: string): Json {
  if (!longNumber.test(text)) return parsed(text);
  const marked = text.replace(stringOrLongNumber, (token) => (token.startsWith('"') ? token : mark(token)));
  return marked === text ? parsed(text) : unmarked(parsed(marked));
}

/** Fast check for numbers with at least 16 digits. It also matches inside strings. */
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
