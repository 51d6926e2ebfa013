import type { ColumnType } from "../../dataset";

/**
 * The texts that are values of a type. This is the one description: the automaton that reads CSV, the judge that says
 * why a row was rejected and the engine's SQL for texts in Parquet are made from it. What a pattern takes, the engine's
 * cast reads exactly, or `beyond` says why not.
 */
export interface Grammar {
  /** Regular expression of the whole text, in the common subset of JavaScript and RE2: no flags, no look-around. */
  readonly pattern: string;
  /**
   * Texts of `pattern` that need no look at `beyond`, again as a regular expression.
   * @default - all of them
   */
  readonly safe?: string;
  /** Whether a text of `pattern` is nonetheless no value. Without `safe` never. */
  readonly beyond?: (text: string) => boolean;
  /** `beyond` in the engine's SQL: text and value are SQL expressions; a value that is NULL is beyond in any case. */
  readonly beyondSql?: (text: string, value: string) => string;
  /** What a value is: `a whole number of 64 bits`. */
  readonly expected: string;
}

/** Spaces and tabs around a number, and before a date or time, are not part of it; behind a time the engine balks. */
const blank = String.raw`[ \t]*`;

const digit = "[0-9]";
const year = `(000[1-9]|00[1-9]${digit}|0[1-9]${digit}${digit}|[1-9]${digit}${digit}${digit})`;
const leapYear = `(${digit}${digit}(0[48]|[2468][048]|[13579][26])|` + `(0[48]|[2468][048]|[13579][26])00)`;
const date =
  `(${year}-((0[13578]|1[02])-(0[1-9]|[12]${digit}|3[01])|(0[469]|11)-(0[1-9]|[12]${digit}|30)|` +
  `02-(0[1-9]|1${digit}|2[0-8]))|${leapYear}-02-29)`;
const minutes = `([01]${digit}|2[0-3]):[0-5]${digit}`;
/** Six decimals; more only if they are zeros. */
const seconds = String.raw`:[0-5]${digit}(\.${digit}{1,6}0*)?`;
/** As far from UTC as BigQuery takes: 14 hours. */
const offset = `[+-](0${digit}(:?[0-5]${digit})?|1[0-3](:?[0-5]${digit})?|14(:?00)?)`;
const zone = `(Z| UTC|${offset})`;
/** With an offset these may lie in a year that no destination has. */
const edgeOfTime = /^[ \t]*(0001-01-01|9999-12-31)/;

export const grammars: Readonly<Record<Exclude<ColumnType, "STRING">, Grammar>> = {
  INTEGER: {
    // Some writers make `1.0` of whole numbers: nothing is lost.
    pattern: String.raw`${blank}[+-]?(${digit}+(\.0*)?|\.0+)${blank}`,
    safe: String.raw`${blank}[+-]?(${digit}{1,18}(\.0*)?|\.0+)${blank}`,
    beyond: (text) => {
      const [whole = ""] = text.replace(/[ \t+]/g, "").split(".");
      const value = BigInt(/[0-9]/.test(whole) ? whole : 0);
      return BigInt.asIntN(64, value) !== value;
    },
    expected: "a whole number of 64 bits",
  },
  FLOAT: {
    pattern: String.raw`${blank}([+-]?(${digit}+(\.${digit}*)?|\.${digit}+)([eE][+-]?${digit}+)?|[+-]?[iI][nN][fF]([iI][nN][iI][tT][yY])?|[nN][aA][nN])${blank}`,
    safe: String.raw`${blank}([+-]?${digit}{1,15}|[+-]?(${digit}{1,15}\.${digit}{0,17}|\.${digit}{1,17})|[+-]?${digit}(\.${digit}{0,17})?[eE][+-]?${digit}{1,2}|[+-]?[iI][nN][fF]([iI][nN][iI][tT][yY])?|[nN][aA][nN])${blank}`,
    beyond: (text) => {
      const value = Number(text);
      if (!Number.isFinite(value)) return /[0-9]/.test(text);
      if (value === 0) return /^[^eE]*[1-9]/.test(text);
      return /^[ \t]*[+-]?[0-9]+[ \t]*$/.test(text) && BigInt(text.replace(/[ \t+]/g, "")) !== BigInt(value);
    },
    beyondSql: (text, value) =>
      `CASE WHEN isinf(${value}) THEN regexp_matches(${text}, '[0-9]') ` +
      `WHEN ${value} = 0 THEN regexp_matches(${text}, '^[^eE]*[1-9]') ` +
      String.raw`WHEN abs(${value}) >= 9007199254740992 AND regexp_full_match(${text}, '[ \t]*[+-]?[0-9]+[ \t]*') ` +
      // As the shortest text of the double reads; beyond 38 digits nothing is compared, and nothing is believed.
      `THEN coalesce(TRY_CAST(${text} AS HUGEINT) <> TRY_CAST(${value} AS HUGEINT), true) ELSE false END`,
    expected: "a number that 64-bit floating point can hold",
  },
  NUMERIC: {
    pattern: String.raw`${blank}[+-]?((0+|0*[1-9]${digit}{0,28})(\.${digit}{0,9}0*)?|\.${digit}{1,9}0*)${blank}`,
    expected: "a decimal number of at most 29 digits before the point and 9 after it",
  },
  BOOLEAN: {
    pattern: "[tT]([rR][uU][eE])?|[fF]([aA][lL][sS][eE])?|[yY]([eE][sS])?|[nN][oO]?|[01]",
    expected: "true or false (or t, f, yes, no, y, n, 1, 0)",
  },
  DATE: { pattern: `${blank}${date}`, expected: "a date YYYY-MM-DD of the years 0001 to 9999" },
  DATETIME: {
    pattern: `${blank}${date}([ T]${minutes}(${seconds})?)?`,
    expected:
      "a local time YYYY-MM-DD HH:MM:SS without offset, of the years 0001 to 9999, with at most 6 decimals",
  },
  TIMESTAMP: {
    // Where an offset follows, a time without seconds is NULL to the engine.
    pattern: `${blank}${date}([ T]${minutes}(${seconds}${zone}?)?)?`,
    safe: `${blank}${date}([ T]${minutes}(${seconds}(Z| UTC)?)?)?`,
    beyond: (text) => edgeOfTime.test(text) && !instantIsInRange(text),
    beyondSql: (_text, value) =>
      `(${value} < TIMESTAMPTZ '0001-01-01 00:00:00Z' OR ${value} > TIMESTAMPTZ '9999-12-31 23:59:59.999999Z')`,
    expected:
      "an instant YYYY-MM-DD HH:MM:SS[+HH:MM] of the years 0001 to 9999 (UTC), with at most 6 decimals",
  },
};

/** The sum of the clock and the offset alone tells: the day before the first or after the last one is out of range. */
function instantIsInRange(text: string): boolean {
  const parts = /(\d{4})-\d\d-\d\d(?:[ T](\d\d):(\d\d))?.*?(?:([+-])(\d\d):?(\d\d)?)?$/.exec(text) ?? [];
  const [, year, hour = "0", minute = "0", sign = "+", hours = "0", rest = "0"] = parts;
  const clock = Number(hour) * 60 + Number(minute);
  const shift = (Number(hours) * 60 + Number(rest)) * (sign === "-" ? 1 : -1);
  return year === "0001" ? clock + shift >= 0 : clock + shift < 24 * 60;
}

/** Well-formed UTF-8 without NUL, as a pattern over bytes: what a STRING is. */
export const utf8Pattern =
  String.raw`([\x01-\x7f]|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|` +
  String.raw`\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|` +
  String.raw`\xf4[\x80-\x8f][\x80-\xbf]{2})*`;
