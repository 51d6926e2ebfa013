import { isUtf8 } from "node:buffer";
import { grammarOf } from "../schema/form-grammar";
import type { Grammar } from "../schema/grammar";
import type { Field } from "../schema/header";
import { shownValue } from "../text";
import type { CsvDialect } from "./csv-dialect";

/** Why a row is rejected. */
export interface Fault {
  /** The first column with an invalid value; null when the line as a whole is invalid. */
  readonly column: string | null;
  /** Without the value: rows are counted by rule. */
  readonly rule: string;
  /** The value, shortened, and the rule. */
  readonly reason: string;
}

export const holdsNul = "contains a NUL character, which Postgres cannot store";
export const isMissing = "is missing, but the column is REQUIRED";

/** Finds the reason why a record is invalid. Slow, but only called for records that the automaton does not accept. */
export class Judge {
  private readonly delimiter: string;
  private readonly quote: string;
  private readonly nulls: ReadonlySet<string>;
  /** By field; undefined for texts. */
  private readonly grammars: readonly ((Grammar & { readonly whole: RegExp }) | undefined)[];

  constructor(
    private readonly fields: readonly Field[],
    nullValues: readonly string[],
    dialect: CsvDialect,
  ) {
    this.delimiter = String.fromCharCode(dialect.delimiter);
    this.quote = String.fromCharCode(dialect.quote);
    this.nulls = new Set(nullValues.map((text) => Buffer.from(text).toString("latin1")));
    this.grammars = fields.map(({ column: { type }, form }) => {
      if (type === "STRING") return undefined;
      const grammar = grammarOf(type, form);
      return { ...grammar, whole: new RegExp(`^(?:${grammar.pattern})$`) };
    });
  }

  /** @param record without the line break at its end. @returns undefined when the record is valid */
  faultOf(record: Buffer): Fault | undefined {
    // One character per byte, as in the automaton.
    const text = record.toString("latin1").replace(/\r+$/, "");
    const values: string[] = [];
    for (let at = 0; at <= text.length; at += 1) {
      const { value, end, rule } = this.valueAt(text, at);
      if (rule !== undefined) {
        const column = this.fields[values.length]?.column.name;
        return fault(column ?? null, rule);
      }
      values.push(value);
      at = end;
    }
    const count = this.fields.length;
    if (values.length < count) return fault(null, `has fewer than ${count} fields`);
    if (values.length > count) return fault(null, `has more than ${count} fields`);
    for (const index of this.fields.keys()) {
      const found = this.valueFault(index, values[index] ?? "");
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The field at a position, and its end. */
  private valueAt(text: string, at: number): { value: string; end: number; rule?: string } {
    if (text[at] !== this.quote) {
      const found = text.indexOf(this.delimiter, at);
      const end = found < 0 ? text.length : found;
      const value = text.slice(at, end);
      if (/[\r\n]/.test(value)) return { value, end, rule: "has a carriage return outside quotes" };
      if (/^[ \t]+/.exec(value)?.[0].length === this.quoteIn(value))
        return { value, end, rule: "has a space before its opening quote" };
      return { value, end };
    }
    let value = "";
    let from = at + 1;
    for (;;) {
      const close = text.indexOf(this.quote, from);
      if (close < 0) return { value, end: text.length, rule: "has no closing quote" };
      value += text.slice(from, close);
      if (text[close + 1] !== this.quote) {
        const end = close + 1;
        if (end < text.length && text[end] !== this.delimiter)
          return { value, end, rule: "has text after its closing quote" };
        return { value, end };
      }
      value += this.quote;
      from = close + 2;
    }
  }

  /** Position of the first quote in a value, or -1. */
  private quoteIn(value: string): number {
    return value.indexOf(this.quote);
  }

  /**
   * Why the text of a field is not valid; undefined when it is.
   *
   * @param text one character per byte
   */
  valueFault(index: number, text: string): Fault | undefined {
    const column = this.fields[index]?.column;
    if (column === undefined) return undefined;
    if (this.nulls.has(text)) return column.mode === "REQUIRED" ? fault(column.name, isMissing) : undefined;
    const grammar = this.grammars[index];
    if (grammar === undefined) {
      if (text.includes("\0")) return fault(column.name, holdsNul);
      return isUtf8(Buffer.from(text, "latin1")) ? undefined : fault(column.name, "is not valid UTF-8");
    }
    const { whole, beyond, expected } = grammar;
    if (whole.test(text) && beyond?.(text) !== true) return undefined;
    const rule = invalid(column.type, expected);
    return {
      column: column.name,
      rule,
      reason: `${shownValue(Buffer.from(text, "latin1").toString())} ${rule}`,
    };
  }
}

/** `is not a valid DATE: …` */
export function invalid(type: string, expected: string): string {
  return `is not a valid ${type}: ${expected}`;
}

function fault(column: string | null, rule: string): Fault {
  return { column, rule, reason: rule };
}
