/** The beginning of a source, without downloading more than needed. */
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { CloudClients } from "../cloud/clients";
import { asFailure } from "../failure";
import { fetchSource } from "../source/fetch-source";
import { httpServer } from "../source/http-server";
import { get } from "../source/http-request";
import { type Location, shownAddress } from "../source/location";
import { refusal } from "../source/refusal";

/** A local file with the beginning of a source. */
export interface Head {
  readonly file: string;
  /** Whether the source has more bytes. */
  readonly cut: boolean;
}

/** Bytes of a download that are enough for a sample of text. */
const maxDownload = 8 << 20;

/**
 * @param folder folder for temporary files
 * @throws Failure permanent when the source does not exist, retryable when it cannot be reached
 */
export async function headOf(location: Location, cloud: CloudClients, folder: string): Promise<Head> {
  if (location.kind === "file") return { file: location.path, cut: false };
  const file = join(folder, "source");
  if (location.kind !== "http") return whole(location, cloud, file);
  const head = await firstBytes(location.url, shownAddress(location), file);
  const isWhole = head.start === "PAR1" || head.start.startsWith("PK");
  return head.cut && isWhole ? whole(location, cloud, file) : { file, cut: head.cut };
}

async function whole(location: Location, cloud: CloudClients, file: string): Promise<Head> {
  const format = { format: "csv", compression: "none" } as const;
  await fetchSource({ location, format, cloud, file, held: undefined, onProgress: () => undefined });
  return { file, cut: false };
}

async function firstBytes(url: string, shown: string, file: string) {
  const server = httpServer(url);
  const signal = AbortSignal.timeout(60_000);
  try {
    const answer = await get({
      url: new URL(url),
      headers: (at, redirected) => server.headers(at, redirected, { "accept-encoding": "identity" }),
      signal,
    });
    if (answer.status !== 200) throw refusal(answer, shown, new Date());
    let length = 0;
    let start = "";
    const limited = async function* () {
      for await (const chunk of answer.body()) {
        if (length === 0) start = chunk.subarray(0, 4).toString("latin1");
        length += chunk.length;
        yield chunk;
        if (length >= maxDownload) return;
      }
    };
    await pipeline(limited, createWriteStream(file));
    return { start, cut: length >= maxDownload };
  } catch (error) {
    throw asFailure(error, shown);
  }
}
