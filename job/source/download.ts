import { setTimeout as sleep } from "node:timers/promises";
import pRetry, { AbortError } from "p-retry";
import { codeOf, messageOf } from "../../errors/thrown";
import { engineWords } from "../engine-words";
import { asFailure, Failure } from "../failure";
import { secondsText } from "../text";
import { checkedFile } from "./checksum";
import { codingsOf, decoded, DamagedError } from "./content-coding";
import { get, SurplusError, type Answer, type Headers } from "./http-request";
import { judged, versionOf } from "./verdict";
import { dropPart, endPart, partOf, proofOf, type Part } from "./part";
import { received } from "./receive";
import { refusal } from "./refusal";
import { Busy } from "./retry-after";

/** The validators of a file's version, for conditional requests. */
export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}

/** What differs between kinds of HTTP servers. */
export interface Server {
  /** All headers of a request. `redirected`: whether the URL is on another server, after a redirect. */
  headers(url: URL, redirected: boolean, wanted: Headers): Promise<Headers> | Headers;
  /** The header that makes a range request conditional on the version. */
  readonly precondition: "if-range" | "if-match";
  /** Checksum of the whole file: `crc32:<base64>`. */
  checksum?(answer: Answer): string | undefined;
  /** Translates an error response; undefined for the default. A plain Error is retried. */
  refusal?(answer: Answer): Promise<Error | undefined>;
}

export interface Download {
  readonly url: string;
  /** Address without secrets, for messages. */
  readonly shown: string;
  /** Identifies the address; see `addressKey`. */
  readonly key: string;
  /** File to write. A part that an earlier run left there is resumed. */
  readonly file: string;
  /** Whether the file itself is gzip: then a Content-Encoding of gzip may refer to the same compression. */
  readonly gzip: boolean;
  /** The version that was already ingested: if the file has not changed, nothing is downloaded. */
  readonly known: Validators | undefined;
  readonly server: Server;
  readonly onProgress: (bytes: number, total: number | undefined) => void;
  /** @default - an idle timeout of 30 s, five attempts with pauses of 0.3 s and more */
  readonly timing?: Timing;
}

export interface Timing {
  /** Longest time without a byte before an attempt fails, in milliseconds. */
  readonly idleTimeout: number;
  /** Number of retries; an attempt that received a megabyte does not count. */
  readonly retries: number;
  /** The first pause between two attempts, in milliseconds; it doubles each time. */
  readonly pause: number;
  /** Maximum total wait for Retry-After over all attempts, in milliseconds. */
  readonly longestWait: number;
}

export interface Downloaded extends Validators {
  /** Whether the file is combined from several responses, which can be the cause of damage. */
  readonly pieced: boolean;
}

const defaults: Timing = { idleTimeout: 30_000, retries: 4, pause: 300, longestWait: 90_000 };
const megabyte = 1 << 20;

/**
 * Downloads a file. An interrupted download is resumed with Range and If-Range, so that bytes of two versions never
 * mix: if the server does not prove that the rest is of the same version, the download starts again. Bodies are stored
 * as sent, and decoded when they are complete.
 *
 * @returns the validators of `file`, or "unchanged" when the server still has the known version
 * @throws Failure retryable for network and server errors, permanent when the server rejects the request, integrity
 *   when the file is damaged repeatedly
 */
export async function download(request: Download): Promise<Downloaded | "unchanged"> {
  const timing = request.timing ?? defaults;
  const state: DownloadState = { attempts: 0, ranges: true, damaged: 0, furthest: 0, gained: 0, waited: 0 };
  try {
    return await pRetry(() => attempt(request, timing, state), {
      retries: timing.retries,
      minTimeout: timing.pause,
      factor: 2,
      onFailedAttempt: async ({ error, retriesLeft }) => {
        if (error instanceof Busy && retriesLeft > 0) await waitFor(error, request, timing, state);
      },
      shouldConsumeRetry: () => state.gained < megabyte,
    });
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (error instanceof DamagedError) throw error.failure(request.shown);
    const tries = state.attempts === 1 ? "1 attempt" : `${state.attempts} attempts`;
    throw new Failure(
      "retryable",
      `${request.shown} could not be downloaded in ${tries}: ${messageOf(error)}`,
      {
        cause: error,
      },
    );
  }
}

/** State of a download across its attempts. */
interface DownloadState {
  attempts: number;
  /** Whether to resume with range requests: not after an invalid response to one. */
  ranges: boolean;
  /** Number of attempts with a damaged file. */
  damaged: number;
  /** Largest number of bytes that an attempt has reached. */
  furthest: number;
  /** How many bytes more the last attempt has reached than those before it. */
  gained: number;
  /** Total wait for Retry-After, in milliseconds. */
  waited: number;
}

async function attempt(
  request: Download,
  timing: Timing,
  state: DownloadState,
): Promise<Downloaded | "unchanged"> {
  state.attempts += 1;
  state.gained = 0;
  try {
    let next = await exchange(request, timing, state, false);
    while (next === "more") next = await exchange(request, timing, state, true);
    return next === "unchanged" ? next : await finished(request, next);
  } catch (error) {
    throw await explained(error, request, state);
  }
}

/** The error of an attempt: an AbortError when a retry would not help. */
async function explained(error: unknown, { file, shown }: Download, state: DownloadState): Promise<Error> {
  if (isOfThisMachine(error)) {
    // On a full disk, do not keep the part.
    await endPart(file);
    return new AbortError(asFailure(error));
  }
  if (error instanceof Failure) return new AbortError(error);
  if (error instanceof Busy) return error;
  if (error instanceof DamagedError) {
    await dropPart(file);
    state.ranges = false;
    state.damaged += 1;
    return state.damaged > 1 ? new AbortError(error.failure(shown)) : error;
  }
  if (error instanceof SurplusError) state.ranges = false;
  const words = engineWords(error, shown);
  if (words?.kind === "permanent")
    return new AbortError(new Failure("permanent", words.message, { cause: error }));
  return new Error(messageOf(error) || (words?.message ?? "unknown error"), { cause: error });
}

/**
 * One request and its response: the whole file, the rest, or a part of it.
 *
 * @param goesOn whether the previous response was a part of the file
 */
async function exchange(
  request: Download,
  { idleTimeout }: Timing,
  state: DownloadState,
  goesOn: boolean,
): Promise<Part | "more" | "unchanged"> {
  const { file, key, known, server, shown } = request;
  const found = state.ranges ? await partOf(file, key) : undefined;
  const part = found !== undefined && proofOf(found) !== undefined ? found : undefined;
  if (part === undefined && goesOn)
    throw new Error(
      "the server sends only a part of the file, without an ETag or Last-Modified header to request the rest",
    );
  const stalled = new AbortController();
  const timer = setTimeout(() => {
    stalled.abort();
  }, idleTimeout);
  try {
    const answer = await get({
      url: new URL(request.url),
      headers: (url, redirected) => server.headers(url, redirected, wanted(request, part)),
      signal: stalled.signal,
    });
    const version = versionOf(answer, key, server.checksum?.(answer), new Date());
    const verdict = judged(answer, version, part, part === undefined && known !== undefined);
    if (verdict.kind === "content")
      return await received(file, answer, verdict, part, (bytes) => {
        timer.refresh();
        state.gained += Math.max(0, bytes - state.furthest);
        state.furthest = Math.max(bytes, state.furthest);
        request.onProgress(bytes, verdict.version.total);
      });
    const special = verdict.kind === "refused" ? await server.refusal?.(answer) : undefined;
    answer.discard();
    switch (verdict.kind) {
      case "unchanged":
        return "unchanged";
      case "complete":
        if (part !== undefined) return part;
        throw new TypeError("the file is complete, but there is no part of it");
      case "mismatch":
        await dropPart(file);
        state.ranges = false;
        throw new Error(`the server's response to a range request ${verdict.why}`);
      case "changed":
        await dropPart(file);
        throw new Error(`the file has changed on the server (${answer.statusText})`);
      case "refused":
        throw special ?? refusal(answer, shown, new Date());
    }
  } catch (error) {
    // The error of the abort does not contain the reason.
    throw stalled.signal.aborted
      ? new Error(`no data received for ${idleTimeout / 1000} s`, { cause: error })
      : error;
  } finally {
    clearTimeout(timer);
  }
}

function wanted({ known, server }: Download, part: Part | undefined): Headers {
  // Size and hash are those of the published file: request no compression. Servers may send it anyway; see `decoded`.
  const headers = { accept: "*/*", "accept-encoding": "identity", "user-agent": "tributary" };
  const proof = part && proofOf(part);
  if (part !== undefined && proof !== undefined)
    return { ...headers, range: `bytes=${part.bytes}-`, [server.precondition]: proof };
  if (known?.etag !== undefined) return { ...headers, "if-none-match": known.etag };
  if (known?.lastModified !== undefined) return { ...headers, "if-modified-since": known.lastModified };
  return headers;
}

/** Checks and decodes a complete file. */
async function finished({ file, gzip }: Download, part: Part): Promise<Downloaded> {
  await endPart(file);
  if (part.checksum !== undefined) await checkedFile(file, part.checksum);
  await decoded(file, codingsOf(part.coding), gzip);
  const { etag, lastModified } = part;
  return {
    ...(etag !== undefined && { etag }),
    ...(lastModified !== undefined && { lastModified }),
    pieced: part.pieces > 1,
  };
}

/** Waits as the server requests with Retry-After. @throws Failure retryable when that is too long */
async function waitFor(
  error: Busy,
  { shown }: Download,
  { longestWait }: Timing,
  state: DownloadState,
): Promise<void> {
  if (error.wait === undefined) return;
  state.waited += error.wait;
  if (state.waited > longestWait) {
    const wait = secondsText(error.wait / 1000);
    throw new Failure(
      "retryable",
      `${shown}: ${error.message} and requests a retry after ${wait}; run again after that time`,
    );
  }
  await sleep(error.wait);
}

/** Whether the error is one of the disk, not of the network. */
function isOfThisMachine(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT", "EACCES", "EROFS", "EIO"].includes(codeOf(error) ?? "");
}
