import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Source } from "../../dataset";

/** Where a period's file is. */
export type Location =
  | { readonly kind: "http"; readonly url: string }
  | { readonly kind: "gs"; readonly bucket: string; readonly name: string }
  | { readonly kind: "file"; readonly path: string };

/** Reads an address: http and https URLs, `gs://bucket/name`, file URLs, and paths relative to the working directory. */
export function locate(address: string): Location {
  if (/^https?:\/\//i.test(address)) return { kind: "http", url: address };
  const [, bucket, name] = /^gs:\/\/([^/]+)\/(.+)$/i.exec(address) ?? [];
  if (bucket !== undefined && name !== undefined) return { kind: "gs", bucket, name };
  if (/^file:\/\//i.test(address)) return { kind: "file", path: fileURLToPath(address) };
  return { kind: "file", path: resolve(address) };
}

/** The address as it may be shown and kept: without user, password and signed query. */
export function shownAddress(location: Location): string {
  switch (location.kind) {
    case "file":
      return location.path;
    case "gs":
      return `gs://${location.bucket}/${location.name}`;
    case "http": {
      const url = new URL(location.url);
      url.username = "";
      url.password = "";
      url.search = "";
      return url.href;
    }
  }
}

/** The last part of the path, for messages. */
export function fileName(location: Location): string {
  const lastPart = (path: string) => path.split("/").at(-1) ?? path;
  switch (location.kind) {
    case "file":
      return lastPart(location.path) || shownAddress(location);
    case "gs":
      return lastPart(location.name) || shownAddress(location);
    case "http":
      return decodeURIComponent(lastPart(new URL(location.url).pathname)) || shownAddress(location);
  }
}

export type Format = Pick<Source, "format" | "compression">;

/**
 * How the file at an address is written, when the address is not the specification's own: its name's ending
 * says so (`.csv`, `.csv.gz`, `.parquet`), else it is as the specification has it.
 */
export function formatOf(name: string, specified: Format): Format {
  if (/\.parquet$/i.test(name)) return { format: "parquet", compression: "none" };
  if (/\.csv$/i.test(name)) return { format: "csv", compression: "none" };
  if (/\.csv\.gz$/i.test(name)) return { format: "csv", compression: "gzip" };
  return specified;
}

/** The ending that tells an engine how a file is written: `.csv.gz`. */
export function extensionOf({ format, compression }: Format): string {
  return `.${format}${compression === "gzip" ? ".gz" : ""}`;
}
