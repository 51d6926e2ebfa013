import type { DatasetSpec } from "../../dataset";
import { CsvReading } from "../fingerprint/csv-reading";
import { sumsOf } from "../fingerprint/csv-sums";
import type { BucketLake } from "../lake/bucket-lake";
import type { Upload } from "../lake/upload";
import type { Field } from "../schema/header";
import { csvDialect } from "../source/csv-dialect";
import type { SourceSums, StagedContent } from "../source/extracted";
import { quotedRecords, stagedQuote } from "../source/quoted-records";

/**
 * Bytes after which another file begins. BigQuery reads files in parallel, and none of more than 4 GB that may have line
 * breaks in quotes.
 *
 * @see https://cloud.google.com/bigquery/quotas#load_jobs
 */
const fileBytes = 512 << 20;

/** Writes the valid records of a CSV text to files of the lake, and reads them a second time for the comparison. */
export class StagedRecords {
  private readonly paths: string[] = [];
  private readonly waiting: Buffer[] = [];
  private reading: CsvReading | undefined;
  private header = Buffer.alloc(0);
  private upload: Upload | undefined;
  private written = 0;

  /** @param folder ends with a slash */
  constructor(
    private readonly lake: BucketLake,
    private readonly folder: string,
    private readonly spec: DatasetSpec,
  ) {}

  /** Takes records, whose bytes may be overwritten afterwards; `flush` writes them. */
  add(records: Buffer, fields: readonly Field[]): void {
    this.begin(fields).push(records);
    const quoted = quotedRecords(records, csvDialect(this.spec));
    // A copy, if it is not one already.
    this.waiting.push(quoted === records ? Buffer.from(records) : quoted);
  }

  async flush(): Promise<void> {
    for (const records of this.waiting.splice(0)) {
      if (this.upload !== undefined && this.written >= fileBytes) await this.endFile();
      const upload = this.upload ?? (await this.beginFile());
      await upload.write(records);
      this.written += records.length;
    }
  }

  /** @param fields the columns of the header, for a text without valid records */
  async end(fields: readonly Field[]): Promise<Pick<StagedContent, "files" | "sums">> {
    const reading = this.begin(fields);
    await this.flush();
    if (this.paths.length === 0) await this.beginFile();
    await this.endFile();
    const sums: SourceSums = sumsOf(reading);
    return { files: this.paths, sums };
  }

  abort(): void {
    this.upload?.abort();
  }

  private begin(fields: readonly Field[]): CsvReading {
    if (this.reading !== undefined) return this.reading;
    const { source } = this.spec;
    // Readers skip the first line: a byte order mark at the start of a value is not mistaken for one of the file.
    const dialect = csvDialect(this.spec);
    const quote = String.fromCharCode(stagedQuote(dialect));
    const names = fields.map(({ column }) => `${quote}${column.name}${quote}`);
    this.header = Buffer.from(`${names.join(source.delimiter)}\n`);
    this.reading = new CsvReading({
      dialect,
      nullValues: source.nullValues,
      types: fields.map(({ column }) => column.type),
    });
    return this.reading;
  }

  private async beginFile(): Promise<Upload> {
    const path = `${this.folder}records-${String(this.paths.length).padStart(6, "0")}.csv`;
    this.paths.push(path);
    this.upload = this.lake.upload(path);
    this.written = 0;
    await this.upload.write(this.header);
    return this.upload;
  }

  private async endFile(): Promise<void> {
    await this.upload?.end();
    this.upload = undefined;
  }
}
