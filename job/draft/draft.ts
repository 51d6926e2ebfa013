/** Drafts the specification of a data set from a file. */
import { readdir } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { type ColumnType, Period, type Source, sourceUrl } from "../../dataset";
import type { Engine } from "../engine/engine";
import { parquetColumns } from "../engine/parquet-file";
import { Failure } from "../failure";
import { columnNamer } from "./column-name";
import { type Dialect, dialectOf, isDatum } from "./dialect";
import { jsonColumns } from "./json-columns";
import { idFrom, type NamedPeriod, periodInName } from "./period-in-name";
import type { Sample, TextSample } from "./sample";
import type { Draft, DraftColumn } from "./specification-text";
import { nullTexts, type Signs, signsOf, typeOf } from "./types";

export interface DraftRequest {
  /** Address of the file, as the specification will have it. */
  readonly address: string;
  /** @default - from the name of the file */
  readonly id: string | undefined;
  /** Local file with the beginning of the source. */
  readonly file: string;
  readonly sample: Sample;
}

/** @throws Failure permanent when no specification can be drafted */
export async function draftOf(request: DraftRequest, engine: Engine): Promise<Draft> {
  const { address, sample } = request;
  const named = periodInName(address);
  const name = basename(address.replace(/[?#].*$/s, ""));
  const id = request.id ?? idFrom(named?.rest ?? name);
  const grain = named?.grain ?? "once";
  const namer = columnNamer(grain);
  const url = named?.template ?? address;
  const { source, columns, notes } =
    sample.kind === "parquet"
      ? await fromParquet(request.file, name, engine, namer)
      : fromText(sample, name, namer);
  if (columns.length === 0) throw new Failure("permanent", `${name} has no column that can be read`);
  const first = named && (await firstPeriod(address, named));
  return {
    id,
    description: `Rows of ${named?.rest === undefined || named.rest === name ? name : `${name} and similar files`}.`,
    source: { url, ...source },
    grain,
    ...(first !== undefined && { firstPeriod: first.label }),
    columns,
    notes: [
      ...(named === undefined
        ? [
            "One file: for a file per period, write {period} or {year} into the url, and set grain and firstPeriod.",
          ]
        : [
            `Guessed from the name: one file per ${named.grain}. Set firstPeriod to the earliest one that exists.`,
          ]),
      ...notes,
    ],
  };
}

type Part = {
  readonly source: Omit<Source, "url">;
  readonly columns: readonly DraftColumn[];
  readonly notes: readonly string[];
};

function fromText(sample: TextSample, name: string, namer: (header: string) => string): Part {
  const { compression, encoding, text } = sample;
  const stored = {
    ...(compression !== "none" && { compression }),
    ...(encoding !== "utf-8" && { encoding }),
  };
  const notes =
    encoding === "latin1" || encoding === "windows-1252"
      ? [
          `Guessed: the text is not UTF-8, and every byte is a character of ${encoding}; look at letters with accents.`,
        ]
      : [];
  const firstLine = text.split("\n").find((line) => line.trim() !== "") ?? "";
  if (/^\s*\[/.test(firstLine) && /^\s*\[\s*(\{|$)/.test(firstLine))
    throw new Failure(
      "permanent",
      `${name} is a JSON array, which is not supported: write one object per line, for example with jq -c '.[]'`,
    );
  if (isJson(firstLine)) {
    const part = fromJson(text, name, namer);
    return { ...part, source: { ...part.source, ...stored }, notes: [...notes, ...part.notes] };
  }
  const part = fromCsv(dialectOf(text, name), name, namer);
  return { ...part, source: { ...part.source, ...stored }, notes: [...notes, ...part.notes] };
}

function fromCsv(dialect: Dialect, name: string, namer: (header: string) => string): Part {
  const { delimiter, quote, comment, skipLines, header, records, odd } = dialect;
  checkHeader(dialect, name);
  const all = header.map((_, index) => records.map((fields) => fields[index] ?? ""));
  const nulls = nullTexts(all);
  const nullValues = nulls.length === 0 ? undefined : ["", ...nulls];
  const texts = all.map((column) => column.filter((text) => text !== "" && !nulls.includes(text)));
  const signs = signsOf(texts, delimiter);
  const columns = header.map((one, index) => columnOf(one, namer(one), texts[index] ?? [], signs, delimiter));
  const { shared, columns: plain } = withoutShared(columns);
  return {
    source: {
      format: "csv",
      ...(delimiter !== "," && { delimiter }),
      ...(quote !== '"' && { quote }),
      ...(comment !== undefined && { comment }),
      ...(skipLines > 0 && { skipLines }),
      ...(nullValues && { nullValues }),
      ...(signs.decimal !== "." && { decimal: signs.decimal }),
      ...(isThousands(signs.thousands) && { thousands: signs.thousands }),
      ...shared,
    },
    columns: plain,
    notes: [
      ...(odd > 0
        ? [
            `In the sample, ${odd} of ${odd + records.length} lines have another number of fields than the header.`,
          ]
        : []),
      ...(nulls.length > 0
        ? [`Guessed: ${nulls.map((text) => JSON.stringify(text)).join(", ")} means NULL, in all columns.`]
        : []),
      ...(signs.thousands !== "" ? [`Guessed: ${JSON.stringify(signs.thousands)} separates thousands.`] : []),
    ],
  };
}

function isThousands(text: string): text is NonNullable<Source["thousands"]> {
  return text !== "";
}

function fromJson(text: string, name: string, namer: (header: string) => string): Part {
  const { columns, odd } = jsonColumns(text);
  if (columns.length === 0) throw new Failure("permanent", `${name} has no line with a JSON object`);
  const signs = { decimal: ".", thousands: "" } as const;
  const drafted = columns.map(({ keys, texts, isNested }) => {
    const column = namer(keys.join("_"));
    const [key = ""] = keys;
    const isPath = keys.length > 1;
    const path = isPath ? `$${keys.map(step).join("")}` : undefined;
    const found = isNested
      ? { type: "STRING" as const, guess: "lists and objects, as JSON" }
      : typeOf(texts, signs, ",", key);
    return {
      name: column,
      type: found.type,
      description: describe(keys.join(".")),
      ...(path === undefined ? column !== key && { aliases: [key] } : { path }),
      ...("format" in found && found.format !== undefined && { format: found.format }),
      ...(found.guess !== undefined && { guess: found.guess }),
    };
  });
  const { shared, columns: plain } = withoutShared(drafted);
  return {
    source: { format: "jsonl", ...shared, extra: "json" },
    columns: plain,
    notes: [
      "Keys that are in no column are kept in the column _extra, as JSON (source.extra).",
      ...(odd > 0 ? [`In the sample, ${odd} lines are not JSON objects.`] : []),
    ],
  };
}

function step(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

/** Types of the columns of a Parquet file; undefined for one that does not convert. */
function typeOfParquet(type: string): ColumnType | undefined {
  if (/^U?(TINYINT|SMALLINT|INTEGER|BIGINT)$/.test(type)) return "INTEGER";
  if (type === "FLOAT" || type === "DOUBLE") return "FLOAT";
  const [, digits, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(type) ?? [];
  if (digits !== undefined) {
    if (Number(digits) > 38) return undefined;
    return Number(scale) <= 9 && Number(digits) - Number(scale) <= 29 ? "NUMERIC" : "STRING";
  }
  if (/^(U?HUGEINT|VARCHAR|UUID|JSON|BLOB)$/.test(type) || type.startsWith("ENUM(")) return "STRING";
  if (type === "BOOLEAN" || type === "DATE") return type;
  if (type.startsWith("TIMESTAMP WITH TIME ZONE")) return "TIMESTAMP";
  return /^TIMESTAMP(_S|_MS|_NS)?$/.test(type) ? "DATETIME" : undefined;
}

async function fromParquet(
  file: string,
  name: string,
  engine: Engine,
  namer: (header: string) => string,
): Promise<Part> {
  const found = await parquetColumns(engine, file, name);
  const ignore: string[] = [];
  const columns = found.flatMap(({ header, type }) => {
    const converted = typeOfParquet(type);
    if (converted === undefined) {
      ignore.push(header);
      return [];
    }
    const column = namer(header);
    return [
      {
        name: column,
        type: converted,
        description: describe(header),
        ...(column !== header && { aliases: [header] }),
      },
    ];
  });
  return {
    source: { format: "parquet", ...(ignore.length > 0 && { ignore }) },
    columns,
    notes: ignore.length === 0 ? [] : [`Left out, because their types do not convert: ${ignore.join(", ")}.`],
  };
}

function columnOf(
  header: string,
  name: string,
  texts: readonly string[],
  signs: Signs,
  delimiter: string,
): DraftColumn {
  const { type, format, guess } = typeOf(texts, signs, delimiter, header);
  return {
    name,
    type,
    description: describe(header),
    ...(name !== header && { aliases: [header] }),
    ...(format !== undefined && { format }),
    ...(guess !== undefined && { guess }),
  };
}

function describe(header: string): string {
  return `${header.trim().replace(/\s+/g, " ")}, as in the source.`;
}

/** Moves the formats that all columns of a type have to the source. */
function withoutShared(columns: readonly DraftColumn[]) {
  const common = (types: readonly ColumnType[]) => {
    const formats = new Set(columns.filter(({ type }) => types.includes(type)).map(({ format }) => format));
    const [only] = formats;
    return formats.size === 1 ? only : undefined;
  };
  const dateFormat = common(["DATE"]);
  const dateTimeFormat = common(["DATETIME", "TIMESTAMP"]);
  const shared = {
    ...(dateFormat !== undefined && { dateFormat }),
    ...(dateTimeFormat !== undefined && { dateTimeFormat }),
  };
  const plain = columns.map(({ format, ...column }) => {
    const isShared = column.type === "DATE" ? dateFormat !== undefined : dateTimeFormat !== undefined;
    return format === undefined || isShared ? column : { ...column, format };
  });
  return { shared, columns: plain };
}

/** @throws Failure permanent when the header is a row of data */
function checkHeader({ header, records }: Dialect, name: string): void {
  if (records.length > 0 && header.some(isDatum))
    throw new Failure(
      "permanent",
      `${name}: the first line looks like data (${header.slice(0, 4).join(", ")}): a header with the names of the columns is required`,
    );
  const seen = new Set<string>();
  for (const [index, text] of header.entries()) {
    const key = text.trim().toLowerCase();
    if (key === "" || seen.has(key))
      throw new Failure(
        "permanent",
        `${name}: field ${index + 1} of the header ${key === "" ? "has no name" : `"${text}" is a duplicate`}; each column needs a name of its own`,
      );
    seen.add(key);
  }
}

function isJson(line: string): boolean {
  if (!line.trimStart().startsWith("{")) return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/** The earliest period of which there is a file in the same folder; elsewhere, the one in the name. */
async function firstPeriod(address: string, { grain, period, template }: NamedPeriod): Promise<Period> {
  if (address.includes("://")) return period;
  const folder = dirname(address);
  const names = await readdir(folder).catch(() => []);
  const periods = names.flatMap((name) => {
    const other = periodInName(`${folder}/${name}`);
    const isSame = other?.grain === grain && basename(sourceUrl(template, other.period)) === name;
    return isSame ? [other.period] : [];
  });
  return periods.reduce((first, other) => (other.isBefore(first) ? other : first), period);
}
