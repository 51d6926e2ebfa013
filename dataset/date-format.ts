/** Formats of dates and times, as for strptime of C, Python, BigQuery and DuckDB. */

/** The supported directives. */
const dateDirectives = {
  Y: "year, four digits",
  y: "year, two digits: 69 to 99 are 1969 to 1999, 00 to 68 are 2000 to 2068",
  m: "month, one or two digits",
  b: "month, English abbreviation: Jan",
  B: "month, English name: January",
  d: "day, one or two digits",
  H: "hour from 0 to 23, one or two digits",
  I: "hour from 1 to 12, one or two digits",
  p: "AM or PM",
  M: "minute, one or two digits",
  S: "second, one or two digits",
  f: "decimal places of the second, one to six digits",
  z: "offset from UTC: +0130, +01:30, +01, or Z",
} as const;
export type DateDirective = keyof typeof dateDirectives;

/** A piece of a format: a directive, or a character that is the same in every text. */
export type FormatPart = { readonly directive: DateDirective } | { readonly literal: string };

/** The pieces of a valid format. @throws RangeError for a format with faults */
export function formatParts(format: string): readonly FormatPart[] {
  const parts: FormatPart[] = [];
  for (let at = 0; at < format.length; at += 1) {
    const character = format.charAt(at);
    if (character !== "%") {
      parts.push({ literal: character });
      continue;
    }
    at += 1;
    const name = format.charAt(at);
    if (name === "%") parts.push({ literal: "%" });
    else if (isDirective(name)) parts.push({ directive: name });
    else
      throw new RangeError(
        `"%${name}" is not supported; use ${Object.keys(dateDirectives)
          .map((key) => `%${key}`)
          .join(" ")}`,
      );
  }
  return parts;
}

function isDirective(name: string): name is DateDirective {
  return name in dateDirectives;
}

/** What is wrong with a format for columns of a type. */
export function dateFormatFaults(format: string, type: "DATE" | "DATETIME" | "TIMESTAMP"): string[] {
  let parts: readonly FormatPart[];
  try {
    parts = formatParts(format);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
  const used = parts.flatMap((part) => ("directive" in part ? [part.directive] : []));
  const faults: string[] = [];
  const has = (...names: readonly DateDirective[]) => used.filter((name) => names.includes(name)).length;
  for (const [what, ...names] of [
    ["the year", "Y", "y"],
    ["the month", "m", "b", "B"],
    ["the day", "d"],
  ] as const)
    if (has(...names) !== 1)
      faults.push(`must have ${what} once (${names.map((name) => `%${name}`).join(" or ")})`);
  if (
    has("H", "I") > 1 ||
    ["p", "M", "S", "f", "z"].some((name) => used.filter((one) => one === name).length > 1)
  )
    faults.push("must not have a part twice");
  if (has("I") !== has("p")) faults.push("must have %I and %p, or neither");
  if (has("M") > has("H", "I") || has("S") > has("M") || has("f") > has("S"))
    faults.push("must have the parts before the one that it has: hour, minute, second");
  if (type === "DATE" && has("H", "I", "p", "M", "S", "f", "z") > 0)
    faults.push("must not have a time: the column is a DATE");
  if (type === "DATETIME" && has("z") > 0)
    faults.push("must not have an offset (%z): the column is a DATETIME; use TIMESTAMP");
  if (parts.some((part) => "literal" in part && !/^[ -~]$/.test(part.literal)))
    faults.push("must contain only printable ASCII characters");
  parts.forEach((part, index) => {
    const next = parts[index + 1];
    if ("directive" in part && part.directive === "f" && next !== undefined && isDigits(next))
      faults.push("must not have digits after %f, whose length differs");
  });
  return faults;
}

/** Whether a text of the part can begin with a digit. */
function isDigits(part: FormatPart): boolean {
  return "literal" in part ? /\d/.test(part.literal) : !["b", "B", "p", "z"].includes(part.directive);
}
