import type { ColumnType } from "../../dataset";

/**
 * The valid texts of a type. This is the single definition: the automaton that reads CSV, the reasons of rejects and
 * the SQL for texts in Parquet are derived from it. DuckDB's cast converts every text that matches `pattern` exactly,
 * except those for which `beyond` is true.
 */
export interface Grammar {
  /** Regular expression for the whole text, in the common subset of JavaScript and RE2: no flags, no lookaround. */
  readonly pattern: string;
  /**
   * Regular expression for texts of `pattern` for which `beyond` need not be called.
   * @default - all texts of `pattern`
   */
  readonly safe?: string;
  /** Whether a text that matches `pattern` is not valid. Called only if `safe` is set and does not match. */
  readonly beyond?: (text: string) => boolean;
  /** `beyond` in DuckDB's SQL: text and value are SQL expressions; NULL is always invalid. */
  readonly beyondSql?: (text: string, value: string) => string;
  /** What a valid value is: `a 64-bit integer`. */
  readonly expected: string;
  /** `pattern` over characters instead of bytes, for DuckDB. @default - `pattern` */
  readonly characters?: string;
  /** DuckDB's SQL that converts a text that matches. @default - a cast to the type */
  readonly convert?: (text: string) => string;
}

/** Spaces and tabs are allowed around a number and before a date or time; after a time, DuckDB rejects them. */
export const blank = String.raw`[ \t]*`;

export const digit = "[0-9]";
export const year = `(000[1-9]|00[1-9]${digit}|0[1-9]${digit}${digit}|[1-9]${digit}${digit}${digit})`;
const leapYear = `(${digit}${digit}(0[48]|[2468][048]|[13579][26])|` + `(0[48]|[2468][048]|[13579][26])00)`;
const date = datePattern(year);

/** A date in ISO 8601 whose year matches a pattern. */
function datePattern(years: string): string {
  return (
    `(${years}-((0[13578]|1[02])-(0[1-9]|[12]${digit}|3[01])|(0[469]|11)-(0[1-9]|[12]${digit}|30)|` +
    `02-(0[1-9]|1${digit}|2[0-8]))|${leapYear}-02-29)`
  );
}
const minutes = `([01]${digit}|2[0-3]):[0-5]${digit}`;
/** Six decimal places; more only if they are zeros. */
const seconds = String.raw`:[0-5]${digit}(\.${digit}{1,6}0*)?`;
/** BigQuery allows offsets of up to 14 hours from UTC. */
export const offset = `[+-](0${digit}(:?[0-5]${digit})?|1[0-3](:?[0-5]${digit})?|14(:?00)?)`;
const zone = `(Z| UTC|${offset})`;
/** On these days, a time with an offset can be outside the supported years. */
const edgeOfTime = /^[ \t]*(0001-01-01|9999-12-31)/;

export const grammars: Readonly<Record<Exclude<ColumnType, "STRING">, Grammar>> = {
  INTEGER: {
    // Some programs write integers as `1.0`, which is lossless.
    pattern: String.raw`${blank}[+-]?(${digit}+(\.0*)?|\.0+)${blank}`,
    safe: String.raw`${blank}[+-]?(${digit}{1,18}(\.0*)?|\.0+)${blank}`,
    beyond: (text) => {
      const [whole = ""] = text.replace(/[ \t+]/g, "").split(".");
      const value = BigInt(/[0-9]/.test(whole) ? whole : 0);
      return BigInt.asIntN(64, value) !== value;
    },
    expected: "a 64-bit integer",
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
      // Compares with the shortest text of the double. More than 38 digits cannot be compared and are invalid.
      `THEN coalesce(TRY_CAST(${text} AS HUGEINT) <> TRY_CAST(${value} AS HUGEINT), true) ELSE false END`,
    expected: "a number within the range and precision of 64-bit floating point",
  },
  NUMERIC: {
    pattern: String.raw`${blank}[+-]?((0+|0*[1-9]${digit}{0,28})(\.${digit}{0,9}0*)?|\.${digit}{1,9}0*)${blank}`,
    expected: "a decimal number with at most 29 digits before and 9 after the decimal point",
  },
  BOOLEAN: {
    pattern: "[tT]([rR][uU][eE])?|[fF]([aA][lL][sS][eE])?|[yY]([eE][sS])?|[nN][oO]?|[01]",
    expected: "true or false (or t, f, yes, no, y, n, 1, 0)",
  },
  DATE: { pattern: `${blank}${date}`, expected: "a date YYYY-MM-DD, year 0001 to 9999" },
  DATETIME: {
    pattern: `${blank}${date}([ T]${minutes}(${seconds})?)?`,
    expected: "a local time YYYY-MM-DD HH:MM:SS without offset, year 0001 to 9999, at most 6 decimal places",
  },
  TIMESTAMP: {
    // DuckDB reads a time with an offset but without seconds as NULL.
    pattern: `${blank}${date}([ T]${minutes}(${seconds}${zone}?)?)?`,
    safe: `${blank}${date}([ T]${minutes}(${seconds}(Z| UTC)?)?)?`,
    beyond: (text) => edgeOfTime.test(text) && !instantIsInRange(text),
    beyondSql: (_text, value) =>
      `(${value} < TIMESTAMPTZ '0001-01-01 00:00:00Z' OR ${value} > TIMESTAMPTZ '9999-12-31 23:59:59.999999Z')`,
    expected: "a time YYYY-MM-DD HH:MM:SS[+HH:MM], year 0001 to 9999 in UTC, at most 6 decimal places",
  },
};

/** Years in which a time is in the supported range in any time zone. */
export const middleYear = `(000[2-9]|00[1-9]${digit}|0[1-9]${digit}${digit}|[1-8]${digit}${digit}${digit}|9${digit}${digit}[0-8]|9[0-8]${digit}9|99[0-8]9)`;

/** A time of the grammar TIMESTAMP that is in the supported range in any time zone. */
export const middleTime = `${blank}${datePattern(middleYear)}([ T]${minutes}(${seconds}${zone}?)?)?`;

/** Whether a time on the first or last supported day is in range in UTC: depends on time of day and offset only. */
function instantIsInRange(text: string): boolean {
  const parts = /(\d{4})-\d\d-\d\d(?:[ T](\d\d):(\d\d))?.*?(?:([+-])(\d\d):?(\d\d)?)?$/.exec(text) ?? [];
  const [, year, hour = "0", minute = "0", sign = "+", hours = "0", rest = "0"] = parts;
  const clock = Number(hour) * 60 + Number(minute);
  const shift = (Number(hours) * 60 + Number(rest)) * (sign === "-" ? 1 : -1);
  return year === "0001" ? clock + shift >= 0 : clock + shift < 24 * 60;
}

/** A valid STRING: well-formed UTF-8 without NUL, as a pattern over bytes. */
export const utf8Pattern =
  String.raw`([\x01-\x7f]|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|` +
  String.raw`\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|` +
  String.raw`\xf4[\x80-\x8f][\x80-\xbf]{2})*`;
