import { setTimeout as sleep } from "node:timers/promises";
import pRetry, { AbortError } from "p-retry";
import { codeOf, messageOf } from "../../errors/thrown";
import { engineWords } from "../engine-words";
import { asFailure, Failure } from "../failure";
import { secondsText } from "../text";
import { checkedFile } from "./checksum";
import { codingsOf, decoded, SpoiledError } from "./content-coding";
import { get, SurplusError, type Answer, type Headers } from "./http-request";
import { judged, versionOf } from "./verdict";
import { dropPart, endPart, partOf, proofOf, type Part } from "./part";
import { received } from "./receive";
import { refusal } from "./refusal";
import { Busy } from "./retry-after";

/** What the server says of the version of a file, to ask for the same or a newer one. */
export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}

/** What differs between servers that speak HTTP. */
export interface Server {
  /** All headers of a request for an address; `redirected`: that another server has sent us to. */
  headers(url: URL, redirected: boolean, wanted: Headers): Promise<Headers> | Headers;
  /** The header by which the rest is asked for of one version alone. */
  readonly precondition: "if-range" | "if-match";
  /** What the whole must have: `crc32:<base64>`. */
  checksum?(answer: Answer): string | undefined;
  /** What a refusal means; undefined: what it always means. A plain Error is tried again. */
  refusal?(answer: Answer): Promise<Error | undefined>;
}

export interface Download {
  readonly url: string;
  /** Address without secrets, for messages. */
  readonly shown: string;
  /** Tells this address from others; see `addressKey`. */
  readonly key: string;
  /** Where the bytes go. A part that an earlier run left there is continued. */
  readonly file: string;
  /** Whether the file itself is gzip: a Content-Encoding that says so then may mean nothing else. */
  readonly gzip: boolean;
  /** The version that is already here: when the server still has it, nothing is downloaded. */
  readonly known: Validators | undefined;
  readonly server: Server;
  readonly onProgress: (bytes: number, total: number | undefined) => void;
  /** @default - 30 s of idleTimeout, five attempts a third of a second and more apart */
  readonly timing?: Timing;
}

export interface Timing {
  /** Longest silence of a server before the attempt is given up, in milliseconds. */
  readonly idleTimeout: number;
  /** Attempts after the first one; one that brought a megabyte does not count. */
  readonly retries: number;
  /** The first pause between two attempts, in milliseconds; each is twice the one before. */
  readonly pause: number;
  /** Longest that a server is waited for because it asks for it, over all attempts, in milliseconds. */
  readonly longestWait: number;
}

export interface Downloaded extends Validators {
  /** Whether the bytes are from several answers: then a fault in them may be of their joints. */
  readonly pieced: boolean;
}

const defaults: Timing = { idleTimeout: 30_000, retries: 4, pause: 300, longestWait: 90_000 };
const megabyte = 1 << 20;

/**
 * Downloads a file. After every break it goes on where it was, with Range and If-Range, so that bytes of two versions
 * never mix: where nothing proves that the rest is of the same version, it begins again. Bodies are kept as sent
 * and decoded when they are whole.
 *
 * @returns the validators of what is in `file`, or "unchanged" when the server still has the known version
 * @throws Failure retryable for the network and the server's own trouble, permanent for what the server refuses,
 *   integrity when what it sends is damaged again and again
 */
export async function download(request: Download): Promise<Downloaded | "unchanged"> {
  const timing = request.timing ?? defaults;
  const course: Course = { attempts: 0, ranges: true, spoiled: 0, furthest: 0, gained: 0, waited: 0 };
  try {
    return await pRetry(() => attempt(request, timing, course), {
      retries: timing.retries,
      minTimeout: timing.pause,
      factor: 2,
      onFailedAttempt: async ({ error, retriesLeft }) => {
        if (error instanceof Busy && retriesLeft > 0) await waitFor(error, request, timing, course);
      },
      shouldConsumeRetry: () => course.gained < megabyte,
    });
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (error instanceof SpoiledError) throw error.failure(request.shown);
    const tries = course.attempts === 1 ? "1 attempt" : `${course.attempts} attempts`;
    throw new Failure("retryable", `${request.shown} could not be read in ${tries}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** What the attempts of one download know of each other. */
interface Course {
  attempts: number;
  /** Whether rests are asked for: not of a server that has answered such a request wrongly. */
  ranges: boolean;
  /** How often the whole was damaged. */
  spoiled: number;
  /** How far any attempt has come, in bytes. */
  furthest: number;
  /** How much further the last one came than those before it. */
  gained: number;
  /** Milliseconds, because the server asked for it. */
  waited: number;
}

async function attempt(request: Download, timing: Timing, course: Course): Promise<Downloaded | "unchanged"> {
  course.attempts += 1;
  course.gained = 0;
  try {
    let next = await exchange(request, timing, course, false);
    while (next === "more") next = await exchange(request, timing, course, true);
    return next === "unchanged" ? next : await finished(request, next);
  } catch (error) {
    throw await explained(error, request, course);
  }
}

/** What an attempt ends with: an AbortError when another one would not help. */
async function explained(error: unknown, { file, shown }: Download, course: Course): Promise<Error> {
  if (isOfThisMachine(error)) {
    // A part of a file does not help a full disk.
    await endPart(file);
    return new AbortError(asFailure(error));
  }
  if (error instanceof Failure) return new AbortError(error);
  if (error instanceof Busy) return error;
  if (error instanceof SpoiledError) {
    await dropPart(file);
    course.ranges = false;
    course.spoiled += 1;
    return course.spoiled > 1 ? new AbortError(error.failure(shown)) : error;
  }
  if (error instanceof SurplusError) course.ranges = false;
  const words = engineWords(error, shown);
  if (words?.kind === "permanent")
    return new AbortError(new Failure("permanent", words.message, { cause: error }));
  return new Error(messageOf(error) || (words?.message ?? "no reason given"), { cause: error });
}

/**
 * One request and its answer: the whole, the rest, or a piece of it.
 *
 * @param goesOn whether the answer before it was a piece
 */
async function exchange(
  request: Download,
  { idleTimeout }: Timing,
  course: Course,
  goesOn: boolean,
): Promise<Part | "more" | "unchanged"> {
  const { file, key, known, server, shown } = request;
  const found = course.ranges ? await partOf(file, key) : undefined;
  const part = found !== undefined && proofOf(found) !== undefined ? found : undefined;
  if (part === undefined && goesOn)
    throw new Error(
      "the server sends only a piece of the file, and nothing that proves what is of one version",
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
        course.gained += Math.max(0, bytes - course.furthest);
        course.furthest = Math.max(bytes, course.furthest);
        request.onProgress(bytes, verdict.version.total);
      });
    const special = verdict.kind === "refused" ? await server.refusal?.(answer) : undefined;
    answer.discard();
    switch (verdict.kind) {
      case "unchanged":
        return "unchanged";
      case "complete":
        if (part !== undefined) return part;
        throw new TypeError("there cannot be all of a file without a part of it");
      case "misfit":
        await dropPart(file);
        course.ranges = false;
        throw new Error(`the server answered a request for the rest of the file ${verdict.why}`);
      case "changed":
        await dropPart(file);
        throw new Error(`the file has changed at the server (${answer.statusText})`);
      case "refused":
        throw special ?? refusal(answer, shown, new Date());
    }
  } catch (error) {
    // The abort itself says nothing of why.
    throw stalled.signal.aborted
      ? new Error(`no data received for ${idleTimeout / 1000} s`, { cause: error })
      : error;
  } finally {
    clearTimeout(timer);
  }
}

function wanted({ known, server }: Download, part: Part | undefined): Headers {
  // The bytes are counted and hashed as published, so no transfer compression; what comes all the same is undone here.
  const headers = { accept: "*/*", "accept-encoding": "identity", "user-agent": "tributary" };
  const proof = part && proofOf(part);
  if (part !== undefined && proof !== undefined)
    return { ...headers, range: `bytes=${part.bytes}-`, [server.precondition]: proof };
  if (known?.etag !== undefined) return { ...headers, "if-none-match": known.etag };
  if (known?.lastModified !== undefined) return { ...headers, "if-modified-since": known.lastModified };
  return headers;
}

/** Checks and decodes what is whole. */
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

/** Waits as long as the server asks for. @throws Failure retryable when that is too long */
async function waitFor(
  error: Busy,
  { shown }: Download,
  { longestWait }: Timing,
  course: Course,
): Promise<void> {
  if (error.wait === undefined) return;
  course.waited += error.wait;
  if (course.waited > longestWait) {
    const asked = secondsText(error.wait / 1000);
    throw new Failure("retryable", `${shown}: ${error.message}, for ${asked}; run again then`);
  }
  await sleep(error.wait);
}

/** Whether the disk is to blame, not the network. */
function isOfThisMachine(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT", "EACCES", "EROFS", "EIO"].includes(codeOf(error) ?? "");
}
