import { createWriteStream } from "node:fs";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Storage } from "@google-cloud/storage";
import pRetry from "p-retry";
import * as z from "zod/mini";
import { contentOf } from "../cloud/content";
import { cloudFailure, httpStatusOf } from "../cloud/failure";
import { Failure } from "../failure";
import { makeFolder } from "../files";
import type { Validators } from "./download";
import { endPart } from "./part";
import type { Format, Location } from "./location";
import { shownAddress } from "./location";

export interface ObjectDownload {
  readonly storage: Storage;
  readonly location: Extract<Location, { readonly kind: "gs" | "s3" }>;
  readonly format: Format;
  /** File to write. */
  readonly file: string;
  /** The version that was already ingested: if the object has not changed, nothing is downloaded. */
  readonly known: Validators | undefined;
  readonly onProgress: (bytes: number, total: number) => void;
  /** Longest time without a byte before an attempt fails, in milliseconds. @default 60_000 */
  readonly idleTimeout?: number;
}

const attempts = { retries: 4, minTimeout: 300, factor: 2 };

/**
 * Downloads one generation of an object and verifies its checksum.
 *
 * @returns the generation, as validator, or "unchanged" when it is the known one
 * @throws Failure permanent when the object does not exist or access is denied, retryable for network errors
 */
export function fetchObject(request: ObjectDownload): Promise<Validators | "unchanged"> {
  return pRetry(
    () =>
      attempt(request).catch((error: unknown) => {
        throw explained(error, request);
      }),
    { ...attempts, shouldRetry: ({ error }) => error instanceof Failure && error.kind === "retryable" },
  );
}

async function attempt(request: ObjectDownload): Promise<Validators | "unchanged"> {
  const { storage, location, format, file, known, idleTimeout, onProgress } = request;
  const bucket = storage.bucket(location.bucket);
  const [metadata] = await bucket.file(location.name).getMetadata();
  const { generation, size, md5Hash } = objectMetadata.parse(metadata);
  if (known?.etag === generation) return "unchanged";
  await makeFolder(dirname(file));
  // The file may be the rest of an interrupted download, which this one overwrites: it can no longer be resumed.
  await endPart(file);
  let bytes = 0;
  await pipeline(
    contentOf(bucket.file(location.name, { generation }), {
      hasMd5: md5Hash !== undefined,
      decompress: format.compression !== "gzip",
      ...(idleTimeout !== undefined && { idleTimeout }),
    }),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        onProgress(bytes, size);
        yield chunk;
      }
    },
    createWriteStream(file, { highWaterMark: 1 << 20 }),
  );
  return { etag: generation };
}

const objectMetadata = z.object({
  generation: z.coerce.string(),
  size: z.coerce.number(),
  md5Hash: z.optional(z.string()),
});

function explained(error: unknown, { location }: ObjectDownload): Error {
  const shown = shownAddress(location);
  if (httpStatusOf(error) === 404) {
    const message = `${shown} does not exist: it is not published yet, or has moved`;
    return new Failure("permanent", message, { cause: error });
  }
  return cloudFailure(error, `${shown} cannot be read`);
}
