/** Grammars of texts in other forms than the standard one: with a decimal comma, groups of digits, or as for strptime. */
import { type ColumnType, type DateDirective, formatParts, type FormatPart } from "../../dataset";
import { blank, digit, type Grammar, grammars, middleTime, middleYear, offset, year } from "./grammar";
import type { TextForm } from "./text-form";

type TextType = Exclude<ColumnType, "STRING">;

/** The grammar of a column's texts. */
export function grammarOf(type: TextType, form: TextForm | undefined): Grammar {
  if (form === undefined) return grammars[type];
  switch (type) {
    case "BOOLEAN":
      return grammars.BOOLEAN;
    case "INTEGER":
    case "FLOAT":
    case "NUMERIC":
      return numberGrammar(type, form);
    case "DATE":
    case "DATETIME":
    case "TIMESTAMP":
      return form.format === undefined ? zonedGrammar(form) : formatGrammar(type, form.format, form.timeZone);
  }
}

/** Spaces that separate groups: an ordinary one, and the no-break spaces U+00A0 and U+202F. */
const spaces = {
  bytes: String.raw`( |\xc2\xa0|\xe2\x80\xaf)`,
  characters: String.raw`[ \x{a0}\x{202f}]`,
};

function numberGrammar(type: "INTEGER" | "FLOAT" | "NUMERIC", { decimal, thousands }: TextForm): Grammar {
  const standard = grammars[type];
  const pattern = (kind: keyof typeof spaces, isSafe: boolean) => {
    const group = thousands === " " ? spaces[kind] : escaped(thousands);
    return numberPattern(type, escaped(decimal), thousands === "" ? undefined : group, isSafe);
  };
  const { beyond, beyondSql } = standard;
  const plain = (text: string) =>
    (thousands === " "
      ? text.replace(/(\d)(?: |\xc2\xa0|\xe2\x80\xaf)(?=\d)/g, "$1")
      : text.replaceAll(thousands, "")
    ).replace(decimal, ".");
  const sql = (text: string) => {
    const grouped =
      thousands === " "
        ? String.raw`regexp_replace(${text}, '[ \x{a0}\x{202f}]', '', 'g')`
        : thousands === ""
          ? text
          : `replace(${text}, ${literal(thousands)}, '')`;
    return decimal === "." ? grouped : `replace(${grouped}, ${literal(decimal)}, '.')`;
  };
  const example = `1${thousands}234${decimal}5`;
  return {
    pattern: pattern("bytes", false),
    characters: pattern("characters", false),
    safe: pattern("bytes", true),
    ...(beyond && { beyond: (text: string) => beyond(plain(text)) }),
    ...(beyondSql && { beyondSql: (text: string, value: string) => beyondSql(sql(text), value) }),
    convert: sql,
    expected: `${standard.expected}, in the form ${type === "INTEGER" ? example.slice(0, -2) : example}`,
  };
}

/**
 * The grammar of a number with another decimal sign, or groups of digits.
 *
 * @param group pattern of what separates groups of three digits; undefined if nothing does
 * @param isSafe the texts for which `beyond` need not be called
 */
function numberPattern(
  type: "INTEGER" | "FLOAT" | "NUMERIC",
  point: string,
  group: string | undefined,
  isSafe: boolean,
): string {
  /** At most `count` digits, in groups or not. */
  const whole = (count: number): string => {
    const plain = `${digit}{1,${count}}`;
    if (group === undefined) return plain;
    const triple = `${group}${digit}${digit}${digit}`;
    const [full, rest] = [Math.floor(count / 3), count % 3];
    // One to three digits and groups; of the longest number, as many digits as are left.
    const most = `${digit}{1,3}(${triple}){1,${full - 1}}`;
    return rest === 0 ? `${plain}|${most}` : `${plain}|${most}|${digit}{1,${rest}}(${triple}){${full}}`;
  };
  const any =
    group === undefined ? `${digit}+` : `${digit}+|${digit}{1,3}(${group}${digit}${digit}${digit})+`;
  switch (type) {
    case "INTEGER":
      return `${blank}[+-]?((${isSafe ? whole(18) : any})(${point}0*)?|${point}0+)${blank}`;
    case "FLOAT": {
      const special = "[+-]?[iI][nN][fF]([iI][nN][iI][tT][yY])?|[nN][aA][nN]";
      const number = isSafe
        ? `[+-]?((${whole(15)})(${point}${digit}{0,17})?|${point}${digit}{1,17})`
        : `[+-]?((${any})(${point}${digit}*)?|${point}${digit}+)([eE][+-]?${digit}+)?`;
      return `${blank}(${number}|${special})${blank}`;
    }
    case "NUMERIC":
      return `${blank}[+-]?((0+|0*[1-9]${digit}{0,28}|${whole(29)})(${point}${digit}{0,9}0*)?|${point}${digit}{1,9}0*)${blank}`;
  }
}

/** Times in ISO 8601, which are in a time zone if they have no offset. */
function zonedGrammar({ timeZone = "Etc/UTC" }: TextForm): Grammar {
  const hasOffset = String.raw`.*:[0-9]{2}(\.[0-9]+)?(Z| UTC|[+-][0-9:]+)`;
  return {
    pattern: middleTime,
    convert: (text) =>
      `CASE WHEN regexp_full_match(${text}, ${literal(hasOffset)}) THEN TRY_CAST(${text} AS TIMESTAMPTZ) ` +
      `ELSE timezone(${literal(timeZone)}, TRY_CAST(${text} AS TIMESTAMP)) END`,
    expected: `a time YYYY-MM-DD HH:MM:SS[+HH:MM], in ${timeZone} without an offset, year 0002 to 9998, at most 6 decimal places`,
  };
}

function formatGrammar(
  type: "DATE" | "DATETIME" | "TIMESTAMP",
  format: string,
  timeZone: string | undefined,
): Grammar {
  const parts = formatParts(format);
  const years = type === "TIMESTAMP" ? middleYear : year;
  const safe = safeDates.map((dates) => formatPattern(parts, dates, years)).join("|");
  const leapDay = { months: [2], days: "29" } as const;
  const leapDays = formatPattern(parts, leapDay, years);
  const leap = new RegExp(`^${blank}(${formatPattern(parts, leapDay, years, true)})${blank}$`);
  const hasZone = parts.some((part) => "directive" in part && part.directive === "z");
  return {
    pattern: `${blank}(${safe}|${leapDays})${blank}`,
    safe: `${blank}(${safe})${blank}`,
    beyond: (text) => {
      const found = leap.exec(text)?.groups?.["year"];
      return found !== undefined && !isLeapYear(fullYear(found));
    },
    beyondSql: (_text, value) => `${value} IS NULL`,
    convert: (text) => {
      const trimmed = String.raw`trim(${text}, ' ' || chr(9))`;
      if (hasZone)
        // DuckDB does not read Z as an offset.
        return `try_strptime(replace(${trimmed}, 'Z', '+00'), ${literal(format)})`;
      const local = `try_strptime(${trimmed}, ${literal(format)})`;
      if (type === "TIMESTAMP") return `timezone(${literal(timeZone ?? "UTC")}, ${local})`;
      return type === "DATE" ? `CAST(${local} AS DATE)` : local;
    },
    expected: `a ${type === "DATE" ? "date" : "time"} in the format ${format}`,
  };
}

/** A set of months, and the pattern of the days that exist in each of them; `day` without leading zero, or with it. */
interface Dates {
  readonly months: readonly number[];
  readonly days: "1-28" | "29-30" | "31" | "29";
}

/** All dates except February 29th. */
const safeDates: readonly Dates[] = [
  { months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], days: "1-28" },
  { months: [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], days: "29-30" },
  { months: [1, 3, 5, 7, 8, 10, 12], days: "31" },
];

const dayPatterns = {
  "1-28": { loose: `0?[1-9]|1${digit}|2[0-8]`, fixed: `0[1-9]|1${digit}|2[0-8]` },
  "29-30": { loose: "29|30", fixed: "29|30" },
  "31": { loose: "31", fixed: "31" },
  "29": { loose: "29", fixed: "29" },
} as const;

const monthNames = [
  ...["January", "February", "March", "April", "May", "June"],
  ...["July", "August", "September", "October", "November", "December"],
];

/** @param isNamed whether the year is the group `year` of a JavaScript expression */
function formatPattern(
  parts: readonly FormatPart[],
  { months, days }: Dates,
  years: string,
  isNamed = false,
): string {
  return parts
    .map((part, index) => {
      if ("literal" in part) return escaped(part.literal);
      const next = parts[index + 1];
      // Two digits if a digit follows.
      const isFixed = next !== undefined && startsWithDigit(next);
      const { directive } = part;
      const name = isNamed && (directive === "Y" || directive === "y") ? "?<year>" : "";
      return `(${name}${directivePattern(directive, isFixed)})`;
    })
    .join("");

  function directivePattern(directive: DateDirective, isFixed: boolean): string {
    switch (directive) {
      case "Y":
        return years;
      case "y":
        return `${digit}${digit}`;
      case "m":
        return months
          .map((month) => (month < 10 ? `0${isFixed ? "" : "?"}${month}` : String(month)))
          .join("|");
      case "b":
        return months.map((month) => anyCase((monthNames[month - 1] ?? "").slice(0, 3))).join("|");
      case "B":
        return months.map((month) => anyCase(monthNames[month - 1] ?? "")).join("|");
      case "d":
        return dayPatterns[days][isFixed ? "fixed" : "loose"];
      case "H":
        return `[01]${isFixed ? "" : "?"}${digit}|2[0-3]`;
      case "I":
        return `0${isFixed ? "" : "?"}[1-9]|1[0-2]`;
      case "p":
        return "[aApP][mM]";
      case "M":
      case "S":
        return `[0-5]${isFixed ? "" : "?"}${digit}`;
      case "f":
        return `${digit}{1,6}`;
      case "z":
        return `Z|${offset}`;
    }
  }
}

function startsWithDigit(part: FormatPart): boolean {
  return "literal" in part ? /\d/.test(part.literal) : !["b", "B", "p", "z"].includes(part.directive);
}

/** The year of two or four digits. */
function fullYear(text: string): number {
  const number = Number(text);
  if (text.length > 2) return number;
  return number < 69 ? 2000 + number : 1900 + number;
}

function isLeapYear(number: number): boolean {
  return number % 4 === 0 && (number % 100 !== 0 || number % 400 === 0);
}

function anyCase(text: string): string {
  return Array.from(text, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`).join("");
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
