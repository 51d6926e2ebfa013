/** What is wrong with how the texts of a source are written, according to its specification. */
import { dateFormatFaults } from "./date-format";
import { pathSteps } from "./json-path";
import type { SpecShape } from "./shape";

type SourceShape = SpecShape["source"];
type ColumnShape = SpecShape["columns"][number];

/** Faults of the properties for text formats. */
export function textFaults(source: SourceShape): string[] {
  const { format, decimal = ".", thousands, comment, skipLines, timeZone } = source;
  const faults: string[] = [];
  const only = (names: readonly (keyof SourceShape)[], formats: string) => {
    for (const name of names)
      if (source[name] !== undefined)
        faults.push(
          `source.${name}: is only for ${formats}, but source.format is "${format}"; remove this field`,
        );
  };
  if (format === "parquet") only(["encoding"], "csv and jsonl");
  if (format !== "csv") only(["comment", "skipLines"], "csv");
  if (thousands === decimal) faults.push(`source.thousands: must differ from source.decimal, "${decimal}"`);
  if (comment !== undefined && !/^[!-~]([ -~]{0,9})$/.test(comment))
    faults.push(
      `source.comment: ${JSON.stringify(comment)} must have from 1 to 10 printable ASCII characters`,
    );
  if (comment?.startsWith(source.quote) === true)
    faults.push("source.comment: must not begin with the quote, which begins a field");
  if (skipLines !== undefined && !(Number.isInteger(skipLines) && skipLines >= 0 && skipLines <= 10_000))
    faults.push(`source.skipLines: ${skipLines} must be an integer from 0 to 10000`);
  if (timeZone !== undefined && !isTimeZone(timeZone))
    faults.push(
      `source.timeZone: "${timeZone}" is not a valid time zone; use an IANA name such as Europe/Berlin`,
    );
  if (source.dateFormat !== undefined)
    faults.push(
      ...inField("source.dateFormat", source.dateFormat, dateFormatFaults(source.dateFormat, "DATE")),
    );
  if (source.dateTimeFormat !== undefined)
    faults.push(
      ...inField(
        "source.dateTimeFormat",
        source.dateTimeFormat,
        dateFormatFaults(source.dateTimeFormat, "TIMESTAMP"),
      ),
    );
  return faults;
}

/** Faults of `format` and `path` of a column. */
export function formFaults(column: ColumnShape, source: SourceShape): string[] {
  const { name, type, format, path } = column;
  const faults: string[] = [];
  if (format !== undefined) {
    const isTime = type === "DATE" || type === "DATETIME" || type === "TIMESTAMP";
    faults.push(
      ...inField(
        `columns.${name}.format`,
        format,
        isTime ? dateFormatFaults(format, type) : [`is only for DATE, DATETIME and TIMESTAMP, not ${type}`],
      ),
    );
  }
  if (format === undefined && type === "DATETIME" && source.dateTimeFormat?.includes("%z") === true)
    faults.push(
      `columns.${name}: DATETIME has no offset, but source.dateTimeFormat has %z; use TIMESTAMP, or a format`,
    );
  if (path !== undefined) {
    if (source.format !== "jsonl") faults.push(`columns.${name}.path: is only for jsonl; remove this field`);
    try {
      pathSteps(path);
    } catch (error) {
      faults.push(`columns.${name}.path: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return faults;
}

/** Properties of a source that only the engine duckdb supports. */
const onlyDuckdb = [
  ...["encoding", "comment", "skipLines", "decimal", "thousands", "dateFormat", "dateTimeFormat", "timeZone"],
  ...["ignore", "extra"],
] as const satisfies readonly (keyof SourceShape)[];

/** Faults of a source for the engine bigquery, which reads texts in the standard form. */
export function plainFaults({ source, columns, grain }: SpecShape): string[] {
  const fields = [
    ...onlyDuckdb.filter((name) => source[name] !== undefined).map((name) => `source.${name}`),
    ...(source.compression === "zip" ? ["source.compression"] : []),
    ...columns.filter(({ format }) => format !== undefined).map(({ name }) => `columns.${name}.format`),
    ...(grain === "hour" ? ["grain"] : []),
  ];
  return fields.map(
    (field) => `${field}: is not supported by the engine bigquery; remove it, or set engine to "duckdb"`,
  );
}

/** Faults of `ignore`: a name that is a column too. */
export function ignoreFaults({ ignore = [] }: SourceShape, columns: readonly ColumnShape[]): string[] {
  const names = new Map(
    columns.flatMap(({ name, aliases }) =>
      [name, ...aliases].map((text) => [text.trim().toLowerCase(), name]),
    ),
  );
  return ignore.flatMap((text) => {
    const column = names.get(text.trim().toLowerCase());
    return column === undefined
      ? []
      : [`source.ignore: "${text}" is the column ${column}; remove one of them`];
  });
}

function inField(field: string, format: string, faults: readonly string[]): string[] {
  return faults.map((fault) => `${field}: "${format}" ${fault}`);
}

/** Time zones that are known to be valid: a catalog has few, and each check takes a third of a millisecond. */
const timeZones = new Set<string>();

export function isTimeZone(name: string): boolean {
  if (timeZones.has(name)) return true;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
  } catch {
    return false;
  }
  timeZones.add(name);
  return true;
}
