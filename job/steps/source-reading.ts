import type { DatasetSpec } from "../../dataset";
import type { Field } from "../schema/header";
import { queryRows } from "../engine/rows";
import { quoteLiteral } from "../engine/sql";
import { Failure } from "../failure";
import type { CsvSums } from "../fingerprint/csv-sums";
import { differences, type ColumnFingerprint, type Fingerprint } from "../fingerprint/fingerprint";
import { readCsvSums } from "../fingerprint/read-csv-sums";
import { csvDialect } from "../source/csv-dialect";
import type { CsvContent, Extracted, ParquetContent } from "../source/extracted";
import { fileName } from "../source/location";
import type { PeriodContext } from "./context";
import { jsonDifferences } from "./json-reading";
import type { Drafts } from "./parquetize";

/** A second reading of the source, independent of the engine that converts it. */
export interface SourceReading {
  /**
   * Compares the reading with the file to publish.
   *
   * @throws Failure integrity naming the first column whose values differ
   */
  check(lake: Fingerprint, drafts: Drafts): Promise<void>;
  /** Ends the reading; no call of `check` may follow. */
  stop(): void;
}

/** Starts to read the source, in parallel to the engine. */
export function readSource(context: PeriodContext, { content }: Extracted): SourceReading {
  switch (content.kind) {
    case "csv":
      return csvSource(context, content);
    case "parquet":
      return parquetSource(context, content);
  }
}

function csvSource(context: PeriodContext, content: CsvContent): SourceReading {
  const name = fileName(context.location);
  const stopped = new AbortController();
  const { spec } = context;
  const options = {
    dialect: csvDialect(spec),
    nullValues: content.nullValues,
    types: content.fields.map(({ column }) => column.type),
    forms: content.fields.map(({ form }) => form),
  };
  const reading = readCsvSums(content.file, options, stopped.signal);
  // `check` reports the error.
  reading.catch(() => undefined);
  return {
    check: async (lake) => {
      const read = await reading;
      if (read === undefined) throw new TypeError("a reading that was stopped is not compared");
      const source = fingerprintIn(spec, content.fields, read);
      const faults = [...unreadable(content.fields, read), ...differences(source, lake)];
      if (content.json !== undefined) faults.push(...(await jsonDifferences(context, content, content.json)));
      if (faults.length > 0) throw contradiction(name, faults);
    },
    stop: () => {
      stopped.abort();
    },
  };
}

function fingerprintIn(spec: DatasetSpec, fields: readonly Field[], { rows, sums }: CsvSums): Fingerprint {
  // A column that is missing from the file is NULL in every row.
  const columns = new Map<string, ColumnFingerprint>(
    spec.columns.map(({ name }) => [name, { values: 0, sum: 0n }]),
  );
  fields.forEach(({ column }, index) => {
    const sum = sums[index];
    if (sum !== undefined) columns.set(column.name, sum);
  });
  return { place: "the source", rows, columns };
}

/** Rows and values that the engine accepted but that are invalid according to this reading. */
function unreadable(fields: readonly Field[], { odd, unread }: CsvSums): string[] {
  return [
    ...(odd === 0 ? [] : [`${odd} rows whose number of fields differs from the header were not rejected`]),
    ...fields.flatMap(({ column }, index) => {
      const count = unread[index] ?? 0;
      return count === 0
        ? []
        : [`column ${column.name}: ${count} values that are not a valid ${column.type} were not rejected`];
    }),
  ];
}

/**
 * A Parquet file is not read a second time; instead, its statistics provide the number of NULL values of each column.
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
        // The counts of a column of structs or lists are not numbers of rows.
        if (own === undefined || held === undefined || Number(own["rows"]) !== lake.rows) return [];
        return Number(own["values"]) === held
          ? []
          : [`column ${column}: ${Number(own["values"])} non-NULL values in the file, ${held} in the lake`];
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
    `${name}: a second reading of the source does not match the converted file: ${first}${more}; ` +
      "nothing was published; this is a bug: report it and attach the file",
  );
}
