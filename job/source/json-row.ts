/** Finds the values of the columns in a line of JSON. */
import { isUtf8 } from "node:buffer";
import { type DatasetSpec, extraColumn, type PathStep, pathSteps, type SpecColumn } from "../../dataset";
import type { Field } from "../schema/header";
import { folded, shownHeader } from "../schema/header-advice";
import { textForm } from "../schema/text-form";
import { isMissing, Judge, type Fault } from "./judge";
import { type Member, membersOf, plainString, type Span, valueAt } from "./json-members";

/** Texts of the columns, in the order of `JsonRows.fields`; null for NULL. Or why the line is rejected. */
export type JsonRow = { readonly texts: readonly (string | null)[] } | { readonly fault: Fault };

/** How the value of a column is found. */
interface Way {
  readonly column: SpecColumn;
  /** The key of the line by name, ignoring case and surrounding spaces; undefined for a path. */
  readonly steps: readonly PathStep[] | undefined;
}

export class JsonRows {
  readonly fields: readonly Field[];
  /** By column: the keys in which it was found. Empty if no line has it. */
  readonly keys: readonly Set<string>[];
  private readonly ways: readonly Way[];
  private readonly byKey: ReadonlyMap<string, number>;
  private readonly roots: ReadonlySet<string>;
  private readonly ignored: ReadonlySet<string>;
  private readonly judge: Judge;
  private readonly nulls: ReadonlySet<string>;

  constructor(private readonly spec: DatasetSpec) {
    const { columns, source } = spec;
    this.ways = columns.map((column) => ({
      column,
      steps: column.path === undefined ? undefined : pathSteps(column.path),
    }));
    const extra = source.extra === "json" ? [{ header: extraColumn.name, column: extraColumn }] : [];
    this.fields = [
      ...columns.map((column) => {
        const form = textForm(column, source);
        return { header: column.path ?? column.name, column, ...(form && { form }) };
      }),
      ...extra,
    ];
    this.keys = columns.map(() => new Set<string>());
    this.byKey = new Map(
      this.ways.flatMap(({ column, steps }, index) =>
        steps === undefined
          ? [column.name, ...column.aliases].map((text) => [folded(text), index] as const)
          : [],
      ),
    );
    this.roots = new Set(this.ways.flatMap(({ steps }) => (steps === undefined ? [] : [String(steps[0])])));
    this.ignored = new Set((source.ignore ?? []).map(folded));
    this.nulls = new Set(source.nullValues);
    this.judge = new Judge(this.fields, [], { delimiter: 0, quote: 0 });
  }

  /** @param text a line, without its line break */
  read(text: string): JsonRow {
    const value = parsed(text);
    if (value === undefined) return rejected(null, "is not valid JSON");
    if (!isObject(text, value)) return rejected(null, "is not a JSON object");
    const start = text.indexOf("{");
    const members = membersOf(text, start);
    const spans = new Array<Span | undefined>(this.ways.length);
    const unknown: Member[] = [];
    for (const member of members) {
      const index = this.byKey.get(folded(member.key));
      if (index === undefined) {
        if (!this.roots.has(member.key)) unknown.push(member);
        continue;
      }
      if (spans[index] !== undefined)
        return rejected(this.ways[index]?.column.name ?? null, "has two keys in the line");
      spans[index] = member.value;
      this.keys[index]?.add(member.key);
    }
    try {
      for (const [index, { steps }] of this.ways.entries()) {
        if (steps === undefined) continue;
        const span = valueAt(text, { from: start, to: text.length }, steps);
        if (span === undefined) continue;
        spans[index] = span;
        this.keys[index]?.add("");
      }
    } catch (error) {
      if (error instanceof RangeError) return rejected(null, error.message);
      throw error;
    }
    const extra = unknown.filter(({ key }) => !this.ignored.has(folded(key)));
    const { extra: policy = "fail" } = this.spec.source;
    const [first] = extra;
    if (policy === "fail" && first !== undefined)
      return rejected(null, `has the key "${shownHeader(first.key)}", which is not in the specification`);
    const texts: (string | null)[] = [];
    for (const [index, { column }] of this.ways.entries()) {
      const read = this.valueOf(text, spans[index], column, index);
      if (typeof read === "object" && read !== null) return { fault: read };
      texts.push(read);
    }
    if (policy === "json") {
      const pairs = extra.map(
        ({ key, value }) => `${JSON.stringify(key)}:${text.slice(value.from, value.to)}`,
      );
      texts.push(pairs.length === 0 ? null : `{${pairs.join(",")}}`);
    }
    return { texts };
  }

  /**
   * A line without the keys that are left out: they must not be stored among the rejects either.
   *
   * @returns undefined when the line is not a JSON object: what it contains is not known
   */
  withoutIgnored(line: Buffer): Buffer | undefined {
    const text = line.toString("utf8");
    if (!isUtf8(line) || !isObject(text)) return undefined;
    const isKept = (key: string) => {
      if (this.byKey.has(folded(key)) || this.roots.has(key)) return true;
      return this.spec.source.extra !== "ignore" && !this.ignored.has(folded(key));
    };
    const pairs = membersOf(text, text.indexOf("{"))
      .filter(({ key }) => isKept(key))
      .map(({ key, value }) => `${JSON.stringify(key)}:${text.slice(value.from, value.to)}`);
    return Buffer.from(`{${pairs.join(",")}}`);
  }

  /** The text of a value, null for NULL, or why it is rejected. */
  private valueOf(
    line: string,
    span: Span | undefined,
    column: SpecColumn,
    index: number,
  ): string | null | Fault {
    const raw = span === undefined ? "null" : line.slice(span.from, span.to);
    const isText = raw.startsWith('"');
    const text = isText ? plainString(raw) : raw;
    if (raw === "null" || (isText && this.nulls.has(text)))
      return column.mode === "REQUIRED" ? fault(column.name, isMissing) : null;
    if (/^[{[]/.test(raw) && column.type !== "STRING")
      return fault(
        column.name,
        `is ${raw.startsWith("{") ? "an object" : "an array"}, which does not convert to ${column.type}`,
      );
    if (isText && raw.includes("\\u") && !isWellFormed(text))
      return fault(column.name, "is not valid Unicode");
    if (text === nullText) return fault(column.name, "is a text that is reserved");
    return this.judge.valueFault(index, isAscii(text) ? text : Buffer.from(text).toString("latin1")) ?? text;
  }
}

/** What stands for NULL in the rows that DuckDB reads: JSON has no such text in practice, and it is rejected. */
export const nullText = "\u001aNULL";

/** The value of a JSON text; undefined when it is not valid. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(text: string, value: unknown = parsed(text)): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function rejected(column: string | null, rule: string): JsonRow {
  return { fault: fault(column, rule) };
}

function fault(column: string | null, rule: string): Fault {
  return { column, rule, reason: rule };
}

function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

function isAscii(text: string): boolean {
  return !/[^\0-\x7f]/.test(text);
}
