import { createHash } from "node:crypto";
import type { BigQuery } from "@google-cloud/bigquery";
import * as z from "zod/mini";
import { type DatasetSpec, type Period, type WarehouseSettings } from "../../dataset";
import { cloudFailure, httpStatusOf } from "../cloud/failure";
import { fromTexts, type TextConversion } from "../engine/bigquery-values";
import { Failure } from "../failure";
import type { BucketLake } from "../lake/bucket-lake";
import { csvDialect } from "../source/csv-dialect";
import type { StagedContent } from "../source/extracted";
import { stagedQuote } from "../source/quoted-records";
import { runJob } from "./bigquery-jobs";
import { fieldsOf, labelsOf, quotedTable, type TableReference } from "./bigquery-load";

/** The Parquet files that BigQuery has written. */
export interface Exported {
  /** Paths in the lake. */
  readonly files: readonly string[];
  /** The table that they were exported from. It expires after a day. */
  readonly table: TableReference;
}

/** Converts the records that a run has staged, in BigQuery: neither texts nor values pass through this machine. */
export class BigqueryConversion {
  constructor(
    private readonly client: BigQuery,
    private readonly place: WarehouseSettings,
    /** Where records are staged. */
    readonly lake: BucketLake,
  ) {}

  /**
   * Loads the records into a table of texts, checks each text by the grammar of its type, converts them into a second
   * table, and exports that as Parquet.
   *
   * @param key identifies the content: source and specification
   * @throws Failure integrity when BigQuery has other records, or judges a text otherwise than the program has
   */
  async convert(
    spec: DatasetSpec,
    period: Period,
    key: string,
    { fields, files, folder, rows }: StagedContent,
  ): Promise<Exported> {
    // Tables are named by the content, jobs also by the run: its objects have names of their own.
    const content = `tributary_${spec.id}_${period.label}_${digestOf([this.place.project, this.place.dataset, key])}`;
    const run = `${content}_${digestOf([folder])}`;
    const [texts, values] = [this.temporary(`${content}_texts`), this.temporary(`${content}_values`)];
    const columns = fields.map(({ column: { name } }) => ({ name, type: "STRING" }));
    const conversion = fromTexts(fields, spec, period);
    const shared = { location: this.place.location, labels: labelsOf(spec, period) };

    await this.create(texts, columns);
    await this.run(`${run}_texts`, shared, `the records of ${spec.id} ${period.label} cannot be loaded`, {
      load: {
        sourceUris: files.map((file) => this.lake.uri(file)),
        sourceFormat: "CSV",
        schema: { fields: columns },
        fieldDelimiter: spec.source.delimiter,
        quote: String.fromCharCode(stagedQuote(csvDialect(spec))),
        encoding: "UTF-8",
        skipLeadingRows: 1,
        allowQuotedNewlines: true,
        allowJaggedRows: false,
        preserveAsciiControlCharacters: true,
        maxBadRecords: 0,
        destinationTable: texts,
        createDisposition: "CREATE_NEVER",
        writeDisposition: "WRITE_TRUNCATE",
      },
    });
    await this.check(spec, rows, texts, conversion);
    await this.create(values, valueFields(spec));
    await this.run(`${run}_values`, shared, `the texts of ${spec.id} ${period.label} cannot be converted`, {
      query: {
        query: `SELECT ${conversion.select} FROM ${quotedTable(texts)}`,
        useLegacySql: false,
        destinationTable: values,
        createDisposition: "CREATE_NEVER",
        writeDisposition: "WRITE_TRUNCATE",
      },
    });
    const exports = `${folder}parquet/`;
    await this.run(`${run}_export`, shared, `${spec.id} ${period.label} cannot be exported`, {
      extract: {
        sourceTable: values,
        // BigQuery writes files of up to 1 GB.
        destinationUris: [this.lake.uri(`${exports}*.parquet`)],
        destinationFormat: "PARQUET",
        compression: "ZSTD",
      },
    });
    const names = await this.lake.names(exports);
    return { files: [...names].sort().map((name) => `${exports}${name}`), table: values };
  }

  /** @throws Failure integrity when a text is not valid, or there are other records */
  private async check(
    spec: DatasetSpec,
    rows: number,
    texts: TableReference,
    { check, faults }: TextConversion,
  ): Promise<void> {
    const [found = 0, ...counts] = await this.numbers(`SELECT ${check} FROM ${quotedTable(texts)}`, texts);
    const wrong = faults.findIndex((_, index) => counts[index] !== 0);
    const fault = faults[wrong];
    if (found === rows && fault === undefined) return;
    const what =
      fault === undefined
        ? `it has read ${found} records, expected ${rows}`
        : `${counts[wrong] ?? 0} values of column ${fault.column}: ${fault.rule}`;
    throw new Failure(
      "integrity",
      `BigQuery reads the records of ${spec.id} otherwise than this program: ${what}; nothing was published. This is a ` +
        'bug: report it; set engine to "duckdb" to ingest the file',
    );
  }

  private async numbers(query: string, { datasetId, tableId }: TableReference): Promise<readonly number[]> {
    try {
      const { location } = this.place;
      const [rows] = await this.client.query({ query, location, useQueryCache: false });
      return Object.values(numberRow.parse(rows[0]));
    } catch (error) {
      throw cloudFailure(error, `table ${datasetId}.${tableId} cannot be read`);
    }
  }

  private async run(
    id: string,
    { location, labels }: { readonly location: string; readonly labels: Record<string, string> },
    what: string,
    work: Parameters<typeof runJob>[1]["configuration"],
  ): Promise<void> {
    await runJob(this.client, { id, location, configuration: { labels, ...work }, what });
  }

  /** Creates an empty table that expires after a day: the job may not delete tables. */
  private async create(
    { datasetId, tableId }: TableReference,
    fields: { name: string; type: string; mode?: string }[],
  ): Promise<void> {
    const expirationTime = String(Date.now() + 24 * 3_600_000);
    try {
      await this.client.dataset(datasetId).createTable(tableId, { schema: { fields }, expirationTime });
    } catch (error) {
      if (httpStatusOf(error) !== 409)
        throw cloudFailure(error, `table ${datasetId}.${tableId} cannot be created`);
    }
  }

  private temporary(tableId: string): TableReference {
    const { project, temporary, dataset } = this.place;
    return { projectId: project, datasetId: temporary ?? dataset, tableId };
  }
}

/** Without policies: only the account of the job reads the table. */
function valueFields(spec: DatasetSpec): { name: string; type: string }[] {
  return fieldsOf(spec).map(({ name, type }) => ({ name, type }));
}

const numberRow = z.record(z.string(), z.coerce.number());

function digestOf(content: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 16);
}
