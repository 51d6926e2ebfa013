/** Downloads or copies a source file to this machine. */
import { copyFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { CloudClients } from "../cloud/clients";
import { makeFolder, sha256Of } from "../files";
import type { SourceRecord } from "../records";
import { download, type Downloaded, type Validators } from "./download";
import { httpServer } from "./http-server";
import type { Format } from "../../dataset";
import { localFile } from "./local-file";
import { addressKey, shownAddress, type Location } from "./location";
import { fetchObject } from "./object";
import { endPart } from "./part";
import { OtherRegionError, s3Server, s3Settings, s3Url, type S3Settings } from "./s3-server";

export interface Fetch {
  readonly location: Location;
  readonly format: Format;
  readonly cloud: CloudClients;
  /** File to write. */
  readonly file: string;
  /** The source that all destinations already contain. @default - the source is always downloaded */
  readonly held: SourceRecord | undefined;
  readonly onProgress: (done: number, total: number | undefined) => void;
}

/** Validators for the next request; see `SourceRecord`. */
export type SourceVersion = Pick<SourceRecord, "etag" | "lastModified" | "query">;

export interface Fetched {
  readonly version: SourceVersion;
  /** Whether the file is combined from several responses, which can be the cause of damage. */
  readonly pieced: boolean;
}

/**
 * @returns "unchanged" when the source is still `held`
 * @throws Failure permanent when the file does not exist, retryable when the source cannot be reached
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

/** The validators of the held source, which are valid only for the same address. */
export function knownVersion(location: Location, held: SourceRecord | undefined): Validators | undefined {
  return held?.url === shownAddress(location) && (held.query ?? "") === queryHash(location)
    ? held
    : undefined;
}

/** The hash of the query in the address's key. */
export function queryHash(location: Location): string {
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

/** Copies the file: hash, count and conversion must see the same bytes, even if the original changes. */
async function copied(
  path: string,
  file: string,
  held: SourceRecord | undefined,
): Promise<Downloaded | "unchanged"> {
  await localFile(path);
  if (held !== undefined && (await sha256Of(path)) === held.sha256) return "unchanged";
  await makeFolder(dirname(file));
  // The file may be the rest of an interrupted download, which this one overwrites: it can no longer be resumed.
  await endPart(file);
  await copyFile(path, file);
  return { pieced: false };
}
