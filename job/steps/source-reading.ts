import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { Column } from "../../dataset";
import { headerNames, matchHeader, type Field } from "../engine/header";
import { queryRows } from "../engine/rows";
import { quoteLiteral } from "../engine/sql";
import { Failure } from "../failure";
import { CsvReading, type CsvReadingOptions } from "../fingerprint/csv-reading";
import { differences, type ColumnFingerprint, type Fingerprint } from "../fingerprint/fingerprint";
import type { CsvContent, Extracted, ParquetContent } from "../source/extracted";
import { fileName } from "../source/location";
import type { PeriodContext } from "./context";
import type { Drafts } from "./parquetize";

/** A reading of the source apart from the engine that converts it. */
export interface SourceReading {
  /**
   * Compares it with what is about to be published.
   *
   * @throws Failure integrity naming each column whose values differ
   */
  check(lake: Fingerprint, drafts: Drafts): Promise<void>;
  /** Ends it; whoever has not asked for it by then never will. */
  stop(): void;
}

/** Begins to read the source; the engine may convert it meanwhile. */
export function readSource(context: PeriodContext, { content }: Extracted): SourceReading {
  switch (content.kind) {
    case "csv":
      return csvSource(context, content);
    case "parquet":
      return parquetSource(context, content);
  }
}

function csvSource(context: PeriodContext, content: CsvContent): SourceReading {
  const { spec } = context;
  const name = fileName(context.location);
  const stopped = new AbortController();
  const reading = readCsv(context, content, name, stopped.signal);
  // Whether it failed matters only to who asks.
  reading.catch(() => undefined);
  return {
    check: async (lake, drafts) => {
      const { fields, options, all } = await reading;
      const rejected = new CsvReading({ ...options, header: false });
      for (const raw of await rawLines(drafts)) {
        rejected.push(Buffer.from(`${raw}\n`));
      }
      rejected.finish();
      const source = accepted(fields, spec.columns, all, rejected);
      const faults = [...unreadable(fields, all, rejected), ...differences(source, lake)];
      if (faults.length > 0) throw contradiction(name, faults);
    },
    stop: () => {
      stopped.abort();
    },
  };
}

async function readCsv(
  { spec }: PeriodContext,
  { file, compression, header }: CsvContent,
  name: string,
  signal: AbortSignal,
) {
  const { source } = spec;
  const fields = matchHeader(headerNames(header, source, name), spec, name);
  const options: CsvReadingOptions = {
    dialect: { delimiter: source.delimiter.charCodeAt(0), quote: source.quote.charCodeAt(0) },
    nullValues: source.nullValues,
    types: fields.map(({ column }) => column.type),
    header: true,
  };
  const all = new CsvReading(options);
  const bytes = createReadStream(file, { highWaterMark: 1 << 20 });
  const sink = async (pieces: AsyncIterable<Buffer>) => {
    for await (const piece of pieces) all.push(piece);
  };
  await (compression === "gzip"
    ? pipeline(bytes, createGunzip({ chunkSize: 256 << 10 }), sink, { signal })
    : pipeline(bytes, sink, { signal }));
  all.finish();
  return { fields, options, all };
}

/** The lines that were put aside, as they were. */
async function rawLines({ rejects }: Drafts): Promise<readonly string[]> {
  if (rejects === null) return [];
  const lines = (await readFile(rejects.file, "utf8")).trimEnd().split("\n");
  return lines.map((line) => {
    const { raw }: { readonly raw: string } = JSON.parse(line);
    return raw;
  });
}

/** What remains of a reading without the rows that were rejected. */
function accepted(
  fields: readonly Field[],
  columns: readonly Column[],
  all: CsvReading,
  rejected: CsvReading,
): Fingerprint {
  const found = new Map<string, ColumnFingerprint>(
    columns.map(({ name }) => [name, { values: 0, sum: 0n }]),
  );
  fields.forEach(({ column }, index) => {
    const [mine, theirs] = [all.sums[index], rejected.sums[index]];
    found.set(column.name, {
      values: (mine?.values ?? 0) - (theirs?.values ?? 0),
      sum: (mine?.sum ?? 0n) - (theirs?.sum ?? 0n),
    });
  });
  return { place: "the source", rows: all.rows - rejected.rows, columns: found };
}

/** Rows and values that were accepted although this reading makes nothing of them. */
function unreadable(fields: readonly Field[], all: CsvReading, rejected: CsvReading): string[] {
  const odd = all.odd - rejected.odd;
  return [
    ...(odd === 0 ? [] : [`${odd} rows that have not as many fields as the header were not rejected`]),
    ...fields.flatMap(({ column }, index) => {
      const count = (all.unread[index] ?? 0) - (rejected.unread[index] ?? 0);
      return count === 0 ? [] : [`column ${column.name}: ${count} texts that are no ${column.type} were not rejected`];
    }),
  ];
}

/**
 * Of a Parquet file there is no second reader here, but its writer has left in the file how many values of each column
 * are NULL.
 */
function parquetSource({ engine, spec, location }: PeriodContext, { file }: ParquetContent): SourceReading {
  const name = fileName(location);
  return {
    check: async (lake, { rejects }) => {
      if (rejects !== null) return;
      const rows = await queryRows(
        engine.connection,
        `SELECT path_in_schema AS header, sum(num_values - stats_null_count) AS "values", sum(num_values) AS rows
         FROM parquet_metadata(${quoteLiteral(file)}) GROUP BY 1 HAVING count(*) = count(stats_null_count)`,
      );
      const headers = new Map(rows.map((row) => [String(row["header"]), row]));
      const faults = spec.columns.flatMap(({ name: column, aliases }) => {
        const names = [column, ...aliases].map((text) => text.toLowerCase());
        const own = [...headers].find(([header]) => names.includes(header.trim().toLowerCase()))?.[1];
        const held = lake.columns.get(column)?.values;
        // A column of structs or lists has other counts than rows.
        if (own === undefined || held === undefined || Number(own["rows"]) !== lake.rows) return [];
        return Number(own["values"]) === held
          ? []
          : [`column ${column}: the file says ${Number(own["values"])} values that are not NULL, the lake has ${held}`];
      });
      if (faults.length > 0) throw contradiction(name, faults);
    },
    stop: () => undefined,
  };
}

function contradiction(name: string, faults: readonly string[]): Failure {
  const [first = "", ...others] = faults;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return new Failure(
    "integrity",
    `${name}: a second reading of the source contradicts what was made of it: ${first}${more}; ` +
      "nothing was published; please report this file",
  );
}
