/** Finds values in the text of a JSON value, without converting them: numbers keep all their digits. */
import type { PathStep } from "../../dataset";

/** A value: where its text begins and ends. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A key of an object, and its value. */
export interface Member {
  readonly key: string;
  readonly value: Span;
}

/** The members of the object that begins at `from`, in order. The text must be valid JSON. */
export function membersOf(text: string, from: number): readonly Member[] {
  const members: Member[] = [];
  let at = afterBlanks(text, from + 1);
  while (text[at] === '"') {
    const end = stringEnd(text, at);
    const key = plainString(text.slice(at, end));
    const start = afterBlanks(text, afterBlanks(text, end) + 1);
    const to = valueEnd(text, start);
    members.push({ key, value: { from: start, to } });
    at = afterBlanks(text, to);
    if (text[at] === ",") at = afterBlanks(text, at + 1);
  }
  return members;
}

/**
 * The value at a path below a value; undefined when there is none.
 *
 * @throws RangeError when an object has a key of the path twice
 */
export function valueAt(text: string, start: Span, steps: readonly PathStep[]): Span | undefined {
  let span: Span | undefined = start;
  for (const step of steps) {
    if (span === undefined) return undefined;
    span = typeof step === "number" ? elementAt(text, span, step) : memberAt(text, span, step);
  }
  return span;
}

function memberAt(text: string, span: Span, key: string): Span | undefined {
  if (text[span.from] !== "{") return undefined;
  const [found, second] = membersOf(text, span.from).filter((member) => member.key === key);
  if (second !== undefined) throw new RangeError(`has the key ${JSON.stringify(key)} twice`);
  return found?.value;
}

function elementAt(text: string, span: Span, index: number): Span | undefined {
  if (text[span.from] !== "[") return undefined;
  let at = afterBlanks(text, span.from + 1);
  for (let count = 0; text[at] !== "]"; count += 1) {
    const to = valueEnd(text, at);
    if (count === index) return { from: at, to };
    at = afterBlanks(text, to);
    if (text[at] === ",") at = afterBlanks(text, at + 1);
  }
  return undefined;
}

/** The characters of a string in JSON, with its quotes. */
export function plainString(quoted: string): string {
  return quoted.includes("\\") ? String(JSON.parse(quoted)) : quoted.slice(1, -1);
}

function afterBlanks(text: string, from: number): number {
  let at = from;
  while (/[ \t\r\n]/.test(text.charAt(at))) at += 1;
  return at;
}

function stringEnd(text: string, from: number): number {
  let at = from + 1;
  while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

function valueEnd(text: string, from: number): number {
  const first = text[from];
  if (first === '"') return stringEnd(text, from);
  let at = from;
  if (first !== "{" && first !== "[") {
    while (at < text.length && !/[,\]} \t\r\n]/.test(text.charAt(at))) at += 1;
    return at;
  }
  let depth = 0;
  do {
    const character = text[at];
    if (character === '"') {
      at = stringEnd(text, at);
      continue;
    }
    if (character === "{" || character === "[") depth += 1;
    if (character === "}" || character === "]") depth -= 1;
    at += 1;
  } while (depth > 0);
  return at;
}
