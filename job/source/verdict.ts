/** What an answer over HTTP is of the file that was asked for. */
import { codingsOf } from "./content-coding";
import { contentRange, lengthOfUnsatisfied, type ContentRange } from "./content-range";
import type { Answer } from "./http-request";
import { proofOf, type Part, type Version } from "./part";

export type Verdict =
  | { readonly kind: "unchanged" }
  /** All bytes are here already. */
  | { readonly kind: "complete" }
  | Content
  /** Not the rest that was asked for: this server's ranges are not to be trusted. */
  | { readonly kind: "misfit"; readonly why: string }
  /** The part is of a version that the server no longer has. */
  | { readonly kind: "changed" }
  | { readonly kind: "refused" };

/** The bytes of the body, and where they go. */
export interface Content {
  readonly kind: "content";
  readonly version: Version;
  readonly start: number;
  /** Where they end in the file; undefined when the server does not say. */
  readonly end: number | undefined;
  /** Whether the whole may have more bytes than the answer. */
  readonly partial: boolean;
}

/**
 * @param part what is here already, and the rest was asked for; undefined when the whole was
 * @param conditional whether only a version was asked for that is not known yet
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
      if (range === undefined) return { kind: "misfit", why: "without a valid Content-Range" };
      const why = misfit(range, version, answer.header("content-length"), part);
      return why === undefined ? piece(range, version, part) : { kind: "misfit", why };
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

/** Why an answer with a range is not the rest of the part. */
function misfit(
  { first, last, total }: ContentRange,
  version: Version,
  length: string | undefined,
  part: Part | undefined,
): string | undefined {
  if (first !== (part?.bytes ?? 0)) return `with bytes from ${first} on`;
  if (length !== undefined && Number(length) !== last - first + 1) return "with two different lengths";
  if (part === undefined) return undefined;
  if (version.at !== part.at) return "from another address";
  if (version.coding !== part.coding) return "with another Content-Encoding";
  const changed = "with another version";
  if (total !== undefined && part.total !== undefined && total !== part.total) return changed;
  // A tag that differs tells that the file does, a weak one too. And the tag or the date must be there: nothing else
  // proves that the server has looked at the condition.
  if (version.etag !== part.etag) return changed;
  return proofOf(part) === part.etag || version.lastModified === part.lastModified ? undefined : changed;
}

/**
 * The version that an answer says it is of.
 *
 * @param of the address that was asked; see `addressKey`
 * @param now when the answer came
 */
export function versionOf(answer: Answer, of: string, checksum: string | undefined, now: Date): Version {
  const whole = answer.status === 200;
  const etag = answer.header("etag");
  const lastModified = telling(answer.header("last-modified"), answer.header("date"), now);
  const length = whole ? answer.header("content-length") : undefined;
  return {
    of,
    // Signatures in a query change from request to request.
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

/** A date that tells two versions apart: what was written within the last minute may be written again in the same second. */
function telling(lastModified: string | undefined, date: string | undefined, now: Date): string | undefined {
  if (lastModified === undefined) return undefined;
  const sent = date === undefined ? now.getTime() : Date.parse(date);
  return sent - Date.parse(lastModified) >= 60_000 ? lastModified : undefined;
}
