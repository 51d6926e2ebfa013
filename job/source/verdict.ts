/** Classifies an HTTP response to a request for a file, or for the rest of it. */
import { codingsOf } from "./content-coding";
import { contentRange, lengthOfUnsatisfied, type ContentRange } from "./content-range";
import type { Answer } from "./http-request";
import { proofOf, type Part, type Version } from "./part";

export type Verdict =
  | { readonly kind: "unchanged" }
  /** All bytes have already been downloaded. */
  | { readonly kind: "complete" }
  | Content
  /** Not the requested range: this server's ranges are not reliable. */
  | { readonly kind: "mismatch"; readonly why: string }
  /** The file has changed on the server since the part was downloaded. */
  | { readonly kind: "changed" }
  | { readonly kind: "refused" };

/** The position of the body's bytes in the file. */
export interface Content {
  readonly kind: "content";
  readonly version: Version;
  readonly start: number;
  /** End of the bytes in the file; undefined when the server does not specify it. */
  readonly end: number | undefined;
  /** Whether the file may have more bytes than the response. */
  readonly partial: boolean;
}

/**
 * @param part what has already been downloaded, when the rest was requested; undefined when the whole file was
 * @param conditional whether the request has If-None-Match or If-Modified-Since
 */
export function judged(
  answer: Answer,
  version: Version,
  part: Part | undefined,
  conditional: boolean,
): Verdict {
  switch (answer.status) {
    case 304:
      return { kind: conditional ? "unchanged" : "refused" };
    case 200:
      return { kind: "content", version, start: 0, end: version.total, partial: false };
    case 206: {
      const range = contentRange(answer.header("content-range"));
      if (range === undefined) return { kind: "mismatch", why: "has no valid Content-Range" };
      const why = mismatch(range, version, answer.header("content-length"), part);
      return why === undefined ? piece(range, version, part) : { kind: "mismatch", why };
    }
    case 416: {
      const total = lengthOfUnsatisfied(answer.header("content-range"));
      const same = (version.etag ?? part?.etag) === part?.etag;
      if (part !== undefined && part.total === undefined && total === part.bytes && same)
        return { kind: "complete" };
      return { kind: part === undefined ? "refused" : "changed" };
    }
    case 412:
      return { kind: part === undefined ? "refused" : "changed" };
    default:
      return { kind: "refused" };
  }
}

function piece({ first, last, total }: ContentRange, version: Version, part: Part | undefined): Content {
  const whole = total ?? part?.total;
  return {
    kind: "content",
    version: { ...version, ...part, ...(whole !== undefined && { total: whole }) },
    start: first,
    end: last + 1,
    partial: true,
  };
}

/** Why a response with a range is not the rest of the part. */
function mismatch(
  { first, last, total }: ContentRange,
  version: Version,
  length: string | undefined,
  part: Part | undefined,
): string | undefined {
  if (first !== (part?.bytes ?? 0)) return `starts at byte ${first}`;
  if (length !== undefined && Number(length) !== last - first + 1) return "has two different lengths";
  if (part === undefined) return undefined;
  if (version.at !== part.at) return "is from another address";
  if (version.coding !== part.coding) return "has another Content-Encoding";
  const changed = "is from another version of the file";
  if (total !== undefined && part.total !== undefined && total !== part.total) return changed;
  // A different ETag means a different file, even a weak one. And a matching ETag or date is required: nothing else
  // proves that the server has evaluated the condition.
  if (version.etag !== part.etag) return changed;
  return proofOf(part) === part.etag || version.lastModified === part.lastModified ? undefined : changed;
}

/**
 * The version of the file in a response.
 *
 * @param of key of the requested address; see `addressKey`
 * @param now time of the response
 */
export function versionOf(answer: Answer, of: string, checksum: string | undefined, now: Date): Version {
  const whole = answer.status === 200;
  const etag = answer.header("etag");
  const lastModified = reliableDate(answer.header("last-modified"), answer.header("date"), now);
  const length = whole ? answer.header("content-length") : undefined;
  return {
    of,
    // The query may contain a signature, which differs from request to request.
    at: `${answer.url.origin}${answer.url.pathname}`,
    ...(etag !== undefined && { etag }),
    ...(lastModified !== undefined && { lastModified }),
    coding: [answer.header("content-encoding"), answer.header("transfer-encoding")]
      .flatMap((text) => codingsOf(text ?? ""))
      .join(", "),
    ...(length !== undefined && { total: Number(length) }),
    ...(whole && checksum !== undefined && { checksum }),
  };
}

/** The date, unless it is less than a minute old: then the file may be written again within the same second. */
function reliableDate(
  lastModified: string | undefined,
  date: string | undefined,
  now: Date,
): string | undefined {
  if (lastModified === undefined) return undefined;
  const sent = date === undefined ? now.getTime() : Date.parse(date);
  return sent - Date.parse(lastModified) >= 60_000 ? lastModified : undefined;
}
