import type { DatasetSpec, Source } from "./dataset";
import { validSpec } from "./validate";

export type Format = Pick<Source, "format" | "compression">;

/**
 * The format of a file whose address overrides the specification's: by its extension (`.csv`, `.jsonl.gz`, `.zip`,
 * `.parquet`), otherwise as specified.
 */
export function formatOf(name: string, specified: Format): Format {
  if (/\.parquet$/i.test(name)) return { format: "parquet", compression: "none" };
  const [, extension, packing] = /(?:\.(csv|jsonl|ndjson))?(?:\.(gz|zip))?$/i.exec(name) ?? [];
  if (extension === undefined && packing?.toLowerCase() !== "zip") return specified;
  const format = extension === undefined ? specified.format : /csv/i.test(extension) ? "csv" : "jsonl";
  return { format, compression: packing === undefined ? "none" : /gz/i.test(packing) ? "gzip" : "zip" };
}

/**
 * The specification of a data set whose files are at another address.
 *
 * @param url URL or path of a period's file, with the placeholders of `Source.url`
 * @throws ConfigurationError when the address is not valid for the data set
 */
export function withSource(spec: DatasetSpec, url: string): DatasetSpec {
  return validSpec({ ...spec, source: { ...spec.source, url, ...formatOf(url, spec.source) } });
}
