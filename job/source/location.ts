import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Format, schemeOf, sourceSchemes } from "../../dataset";
import { Failure } from "../failure";

/** Location of a period's file. */
export type Location =
  | { readonly kind: "http"; readonly url: string }
  | { readonly kind: "gs" | "s3"; readonly bucket: string; readonly name: string }
  | { readonly kind: "file"; readonly path: string };

/**
 * Parses an address: http and https URLs, `gs://bucket/name`, `s3://bucket/key`, file URLs, and paths relative to the
 * working directory.
 *
 * @throws Failure permanent when the address is not valid
 */
export function locate(address: string): Location {
  const scheme = schemeOf(address);
  switch (scheme) {
    case undefined:
      if (/^(https?|gs|s3|file):/i.test(address))
        throw invalid(address, 'the scheme must be followed by "://"');
      return { kind: "file", path: resolve(address) };
    case "http":
    case "https":
      if (!URL.canParse(address)) throw invalid(address, "check host and port");
      return { kind: "http", url: new URL(address).href };
    case "gs":
    case "s3": {
      const [, bucket, name] = /^\w+:\/\/([^/]+)\/(.+)$/s.exec(address) ?? [];
      if (bucket === undefined || name === undefined)
        throw invalid(address, `use ${scheme}://<bucket>/<object name>`);
      return { kind: scheme, bucket, name };
    }
    case "file":
      try {
        return { kind: "file", path: fileURLToPath(address) };
      } catch (error) {
        throw invalid(address, "use file:///<path>, or a path", error);
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

/** The address for messages and records: without user, password and query. */
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

/** Query parameters of signed URLs, which differ between URLs of the same file. */
const signing =
  /^(x-(amz|goog)-|signature$|expires$|key-pair-id$|policy$|awsaccesskeyid$|googleaccessid$|s(ig|e|t|p|v|r|ip|pr|ks?\w+)$)/i;

/**
 * Identifies an address: the shown address and a hash of its query. A server's validators are valid for one query only.
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

/** Decodes percent-encoding, if it is valid: `100%.csv` is also a name. */
function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The extension of a format: `.csv.gz`, `.csv.zip`. */
export function extensionOf({ format, compression }: Format): string {
  const endings = { none: "", gzip: ".gz", zip: ".zip" };
  return `.${format}${endings[compression ?? "none"]}`;
}
