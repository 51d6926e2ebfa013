/** Brings a source's file to this machine, from wherever it is. */
import { copyFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { codeOf } from "../../errors/thrown";
import type { CloudClients } from "../cloud/clients";
import { Failure } from "../failure";
import { makeFolder, sha256Of } from "../files";
import type { SourceRecord } from "../records";
import { download, type Downloaded, type Validators } from "./download";
import { httpServer } from "./http-server";
import type { Format } from "../../dataset";
import { addressKey, shownAddress, type Location } from "./location";
import { fetchObject } from "./object";
import { endPart } from "./part";
import { OtherRegionError, s3Server, s3Settings, s3Url, type S3Settings } from "./s3-server";

export interface Fetch {
  readonly location: Location;
  readonly format: Format;
  readonly cloud: CloudClients;
  /** Where the bytes go. */
  readonly file: string;
  /** The source that all destinations hold already. @default - whatever is there is fetched */
  readonly held: SourceRecord | undefined;
  readonly onProgress: (done: number, total: number | undefined) => void;
}

/** What to ask the source's server by next time; see `SourceRecord`. */
export type SourceVersion = Pick<SourceRecord, "etag" | "lastModified" | "query">;

export interface Fetched {
  readonly version: SourceVersion;
  /** Whether the bytes are from several answers: then a fault in them may be where these meet. */
  readonly pieced: boolean;
}

/**
 * @returns "unchanged" when the source is still the one that is held
 * @throws Failure permanent when there is no such file, retryable when it cannot be reached
 */
export async function fetchSource(request: Fetch): Promise<Fetched | "unchanged"> {
  const fetched = await bytesOf(request);
  if (fetched === "unchanged") return fetched;
  const { pieced, ...validators } = fetched;
  const query = queryHash(request.location);
  return { version: { ...validators, ...(query !== "" && { query }) }, pieced };
}

async function bytesOf(request: Fetch): Promise<Downloaded | "unchanged"> {
  const { location, format, cloud, file, held, onProgress } = request;
  const known = knownVersion(location, held);
  switch (location.kind) {
    case "http": {
      const { url } = location;
      return download({ ...common(request), url, known, server: httpServer(url) });
    }
    case "s3":
      return fetchFromS3(request, location, await s3Settings(process.env), known);
    case "gs": {
      const storage = await cloud.storage();
      const fetched = await fetchObject({ storage, location, format, file, known, onProgress });
      return fetched === "unchanged" ? fetched : { ...fetched, pieced: false };
    }
    case "file":
      return copied(location.path, file, held);
  }
}

function common({ location, format, file, onProgress }: Fetch) {
  const gzip = format.compression === "gzip";
  return { shown: shownAddress(location), key: addressKey(location), file, gzip, onProgress };
}

/** What a server says of a version means nothing for another address. */
function knownVersion(location: Location, held: SourceRecord | undefined): Validators | undefined {
  return held?.url === shownAddress(location) && (held.query ?? "") === queryHash(location)
    ? held
    : undefined;
}

/** What the address's key has beyond what is shown. */
function queryHash(location: Location): string {
  return addressKey(location).slice(shownAddress(location).length + 1);
}

async function fetchFromS3(
  request: Fetch,
  object: Extract<Location, { readonly kind: "s3" | "gs" }>,
  settings: S3Settings,
  known: Validators | undefined,
): Promise<Downloaded | "unchanged"> {
  const server = await s3Server(settings, shownAddress(object));
  try {
    return await download({ ...common(request), url: s3Url(object, settings), known, server });
  } catch (error) {
    if (!(error instanceof OtherRegionError) || settings.endpoint !== undefined) throw error;
    const { region } = error;
    const there = { ...settings, region };
    const inRegion = await s3Server(there, shownAddress(object));
    return download({ ...common(request), url: s3Url(object, there), known, server: inRegion });
  }
}

/** A copy, so that what is hashed, counted and converted is the same even if the original is written to. */
async function copied(
  path: string,
  file: string,
  held: SourceRecord | undefined,
): Promise<Downloaded | "unchanged"> {
  const found = await stat(path).catch((error: unknown) => {
    throw codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR"
      ? new Failure("permanent", `there is no file ${path}`, { cause: error })
      : error;
  });
  if (!found.isFile()) throw new Failure("permanent", `${path} is not a file; name one, with {period} in it`);
  if (held !== undefined && (await sha256Of(path)) === held.sha256) return "unchanged";
  await makeFolder(dirname(file));
  // What a broken download left is overwritten here, and must not be taken for its beginning later.
  await endPart(file);
  await copyFile(path, file);
  return { pieced: false };
}
