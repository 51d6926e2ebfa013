import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Format, schemeOf, sourceSchemes } from "../../dataset";
import { Failure } from "../failure";

/** Where a period's file is. */
export type Location =
  | { readonly kind: "http"; readonly url: string }
  | { readonly kind: "gs" | "s3"; readonly bucket: string; readonly name: string }
  | { readonly kind: "file"; readonly path: string };

/**
 * Reads an address: http and https URLs, `gs://bucket/name`, `s3://bucket/key`, file URLs, and paths relative to the
 * working directory.
 *
 * @throws Failure permanent when it is not a valid one
 */
export function locate(address: string): Location {
  const scheme = schemeOf(address);
  switch (scheme) {
    case undefined:
      if (/^(https?|gs|s3|file):/i.test(address)) throw invalid(address, "after the scheme must be ://");
      return { kind: "file", path: resolve(address) };
    case "http":
    case "https":
      if (!URL.canParse(address)) throw invalid(address, "check host and port");
      return { kind: "http", url: new URL(address).href };
    case "gs":
    case "s3": {
      const [, bucket, name] = /^\w+:\/\/([^/]+)\/(.+)$/s.exec(address) ?? [];
      if (bucket === undefined || name === undefined)
        throw invalid(address, `write ${scheme}://<bucket>/<name of the object>`);
      return { kind: scheme, bucket, name };
    }
    case "file":
      try {
        return { kind: "file", path: fileURLToPath(address) };
      } catch (error) {
        throw invalid(address, "write file:///<path>, or the path alone", error);
      }
    default:
      throw invalid(
        address,
        `the scheme "${scheme}" is not supported; use ${sourceSchemes.join(", ")} or a path`,
      );
  }
}

function invalid(address: string, advice: string, cause?: unknown): Failure {
  return new Failure("permanent", `"${address}" is not a valid source address: ${advice}`, { cause });
}

/** The address as it may be shown and kept: without user, password and signed query. */
export function shownAddress(location: Location): string {
  switch (location.kind) {
    case "file":
      return location.path;
    case "gs":
    case "s3":
      return `${location.kind}://${location.bucket}/${location.name}`;
    case "http": {
      const url = new URL(location.url);
      url.username = "";
      url.password = "";
      url.search = "";
      url.hash = "";
      return url.href;
    }
  }
}

/** Parts of a query that change from one signed address of a file to the next. */
const signing =
  /^(x-(amz|goog)-|signature$|expires$|key-pair-id$|policy$|awsaccesskeyid$|googleaccessid$|s(ig|e|t|p|v|r|ip|pr|ks?\w+)$)/i;

/**
 * Tells an address from others that are shown alike: of a query it has a hash. What a server says of a version is
 * about one of them alone.
 */
export function addressKey(location: Location): string {
  const shown = shownAddress(location);
  if (location.kind !== "http") return shown;
  const meaning = [...new URL(location.url).searchParams].filter(([name]) => !signing.test(name));
  if (meaning.length === 0) return shown;
  return `${shown}?${createHash("sha256").update(JSON.stringify(meaning)).digest("hex").slice(0, 16)}`;
}

/** The last part of the path, for messages. */
export function fileName(location: Location): string {
  const lastPart = (path: string) => path.split("/").at(-1) ?? path;
  switch (location.kind) {
    case "file":
      return lastPart(location.path) || shownAddress(location);
    case "gs":
    case "s3":
      return lastPart(location.name) || shownAddress(location);
    case "http":
      return plain(lastPart(new URL(location.url).pathname)) || shownAddress(location);
  }
}

/** Without percent-encoding, where it is one: `100%.csv` is a name too. */
function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The ending that tells an engine how a file is written: `.csv.gz`. */
export function extensionOf({ format, compression }: Format): string {
  return `.${format}${compression === "gzip" ? ".gz" : ""}`;
}
