/** Finds the type of a column, and the form of its texts, with the grammars that the ingest reads them with. */
import type { ColumnType } from "../../dataset";
import { grammarOf } from "../schema/form-grammar";
import type { TextForm } from "../schema/text-form";

/** The signs of numbers in a file. */
export type Signs = Pick<TextForm, "decimal" | "thousands">;

/** What a column contains. */
export interface Found {
  readonly type: ColumnType;
  /** Of dates and times, as for strptime. @default - ISO 8601 */
  readonly format?: string;
  /** What was guessed, for a comment. @default - nothing */
  readonly guess?: string;
}

/** Texts that often mean that there is no value. */
const noValues = [
  "NA",
  "N/A",
  "n/a",
  "#N/A",
  "NULL",
  "null",
  "Null",
  "None",
  "none",
  "\\N",
  "-",
  "--",
  "?",
  "nil",
];

const dates = [
  ...["%d.%m.%Y", "%d.%m.%y", "%m/%d/%Y", "%d/%m/%Y", "%m/%d/%y", "%d/%m/%y", "%Y/%m/%d", "%Y.%m.%d"],
  ...[
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%d %b %Y",
    "%d %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%Y%m%d",
  ],
];
const clocks = [
  "%H:%M",
  "%H:%M:%S",
  "%H:%M:%S.%f",
  "%I:%M %p",
  "%I:%M:%S %p",
  "%H:%M%z",
  "%H:%M:%S%z",
  "%H:%M:%S %z",
];
const times = dates.flatMap((date) =>
  clocks.flatMap((clock) => [`${date} ${clock}`, ...(date.startsWith("%Y") ? [`${date}T${clock}`] : [])]),
);
const isoOffsets = [
  "%Y-%m-%d %H:%M%z",
  "%Y-%m-%d %H:%M:%S %z",
  "%Y-%m-%dT%H:%M%z",
  "%Y-%m-%d %H:%M:%S.%f %z",
];

const standard: Signs = { decimal: ".", thousands: "" };

/** The texts of a type in a form, as a test. */
function tester(type: Exclude<ColumnType, "STRING">, form?: TextForm): (text: string) => boolean {
  const { pattern, beyond } = grammarOf(type, form);
  const whole = new RegExp(`^(?:${pattern})$`);
  return (text) => {
    const bytes = Buffer.from(text).toString("latin1");
    return whole.test(bytes) && beyond?.(bytes) !== true;
  };
}

/** The signs that make numbers of most columns. */
export function signsOf(columns: readonly (readonly string[])[], delimiter: string): Signs {
  const candidates: Signs[] = [
    standard,
    { decimal: ",", thousands: "" },
    { decimal: ".", thousands: "," },
    { decimal: ",", thousands: "." },
    { decimal: ",", thousands: " " },
    { decimal: ".", thousands: " " },
    { decimal: ".", thousands: "'" },
  ];
  // Where a comma cannot be a decimal sign without quotes, it more often separates thousands.
  if (delimiter === ",") candidates.splice(1, 2, ...candidates.slice(1, 3).reverse());
  const score = (signs: Signs) =>
    columns.filter((texts) => texts.length > 0 && texts.every(tester("FLOAT", signs))).length;
  const scored = candidates.map((signs) => ({ signs, count: score(signs) }));
  return scored.reduce((best, other) => (other.count > best.count ? other : best)).signs;
}

/** The texts that mean NULL in a file: those without which a column has another type than STRING. */
export function nullTexts(columns: readonly (readonly string[])[]): readonly string[] {
  const found = new Set<string>();
  for (const texts of columns) {
    const used = noValues.filter((text) => texts.includes(text));
    const rest = texts.filter((text) => text !== "" && !noValues.includes(text));
    if (used.length === 0 || rest.length === 0) continue;
    const signs = signsOf([rest], ";");
    if (typeOf(rest, signs, ";").type !== "STRING") for (const text of used) found.add(text);
  }
  return [...found];
}

/** @param texts values without those that mean NULL */
export function typeOf(texts: readonly string[], signs: Signs, delimiter: string, name = ""): Found {
  if (texts.length === 0) return { type: "STRING", guess: "empty in the sample" };
  const fits = (type: Exclude<ColumnType, "STRING">, form?: TextForm) => texts.every(tester(type, form));
  const isPlain = signs.decimal === "." && signs.thousands === "";
  const form = isPlain ? undefined : signs;
  if (fits("BOOLEAN") && texts.some((text) => !/^[01]$/.test(text))) return { type: "BOOLEAN" };
  if (fits("FLOAT", form)) {
    if (texts.some((text) => /^[ +-]*0\d/.test(text)))
      return { type: "STRING", guess: "with leading zeros, which a number does not keep" };
    if (
      /date|day|_dt|datum/i.test(name) &&
      texts.every((text) => /^(19|20)\d{6}$/.test(text)) &&
      fits("DATE", { ...standard, format: "%Y%m%d" })
    )
      return { type: "DATE", format: "%Y%m%d", guess: "or a number of eight digits" };
    if (fits("INTEGER", form)) return { type: "INTEGER" };
    if (texts.every((text) => /^[ +-]*\d+$/.test(text)))
      return { type: "STRING", guess: "too large for a number" };
    // A quantity of money has few decimals; a measured value may have more in the next file.
    const decimals = Math.max(
      ...texts.map(
        (text) => text.trim().length - 1 - (text.trim().lastIndexOf(signs.decimal) + 1 || text.trim().length),
      ),
    );
    const isExact = decimals < 4 && fits("NUMERIC", form);
    return isExact ? { type: "NUMERIC" } : { type: "FLOAT" };
  }
  if (fits("DATE")) return { type: "DATE" };
  if (fits("DATETIME")) return { type: "DATETIME" };
  if (fits("TIMESTAMP")) return { type: "TIMESTAMP" };
  for (const [type, formats] of [
    ["DATE", dates],
    ["DATETIME", [...times.filter((one) => !one.includes("%z"))]],
    ["TIMESTAMP", [...times.filter((one) => one.includes("%z")), ...isoOffsets]],
  ] as const) {
    const fitting = formats.filter((format) => quick(format, texts) && fits(type, { ...standard, format }));
    const [first] = fitting;
    if (first === undefined) continue;
    // Dates of Europe have the day first, and so have files with a semicolon or a decimal comma.
    const isEuropean = signs.decimal === "," || delimiter === ";";
    const chosen = (isEuropean ? fitting.find((format) => format.startsWith("%d")) : undefined) ?? first;
    const others = fitting.filter((format) => format !== chosen);
    return {
      type,
      format: chosen,
      ...(others.length > 0 && { guess: `also possible: ${others.slice(0, 2).join(", ")}` }),
    };
  }
  return { type: "STRING" };
}

/** Whether the first text can have a format: a grammar is only built if so. */
function quick(format: string, texts: readonly string[]): boolean {
  const pattern = format
    .replace(/[.+?()]/g, "\\$&")
    .replace(/%[Y]/g, "\\d{4}")
    .replace(/%f/g, "\\d+")
    .replace(/%[bB]/g, "[A-Za-z]+")
    .replace(/%p/g, "[AaPp][Mm]")
    .replace(/%z/g, "(Z|[+-][\\d:]+)")
    .replace(/%\w/g, "\\d{1,2}");
  return new RegExp(`^\\s*${pattern}\\s*$`).test(texts[0] ?? "");
}
