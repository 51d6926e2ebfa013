import { createWriteStream } from "node:fs";
import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import pRetry, { AbortError } from "p-retry";
import * as z from "zod/mini";
import { codeOf, messageOf } from "../../errors/thrown";
import { Failure } from "../failure";
import { makeFolder } from "../files";

/** What the server says of the version of a file, to ask for the same or a newer one. */
export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}

export interface Download {
  readonly url: string;
  /** Address without secrets, for messages. */
  readonly shown: string;
  /** Where the bytes go. A part that an earlier run left there is continued. */
  readonly file: string;
  /** The version that is already here: when the server still has it, nothing is downloaded. */
  readonly known: Validators | undefined;
  readonly onProgress: (bytes: number, total: number | undefined) => void;
}

/** Longest silence of a server before the attempt is given up, in milliseconds. */
const stallTimeout = 60_000;
const attempts = { retries: 4, minTimeout: 300, factor: 2 };

/**
 * Downloads a file, resuming after every break with Range and If-Range, so that bytes of two versions never mix.
 *
 * @returns the validators of what is in `file`, or "unchanged" when the server still has the known version
 * @throws Failure retryable for the network and the server's own trouble, permanent for what the server refuses
 */
export async function download(request: Download): Promise<Validators | "unchanged"> {
  try {
    return await pRetry(() => attempt(request), attempts);
  } catch (error) {
    if (error instanceof Failure || isOfThisMachine(error)) throw error;
    const cause = error instanceof Error && error.cause !== undefined ? `: ${messageOf(error.cause)}` : "";
    throw new Failure(
      "retryable",
      `${request.shown} could not be read in ${attempts.retries + 1} attempts: ${messageOf(error)}${cause}`,
      { cause: error },
    );
  }
}

async function attempt(request: Download): Promise<Validators | "unchanged"> {
  const part = await leftover(request);
  const stalled = new AbortController();
  let timer = setTimeout(() => undefined, 0);
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      stalled.abort(new Error(`no byte arrived for ${stallTimeout / 1000} s`));
    }, stallTimeout);
  };
  try {
    alive();
    const response = await fetch(withoutUser(request.url), {
      headers: headersFor(request, part),
      signal: stalled.signal,
    });
    if (response.status === 304) return "unchanged";
    const resumed = response.status === 206 && part !== undefined;
    if (!resumed && response.status !== 200) throw await refusal(response, request);
    const { body } = response;
    if (body === null) throw new Error("the server sent no content");
    const validators = validatorsOf(response);
    const from = resumed ? part.bytes : 0;
    await makeFolder(dirname(request.file));
    if (!resumed) await rm(request.file, { force: true });
    else if (!continues(response, part)) {
      // A server that does not know If-Range: the rest is of another version, so the part is of no use.
      await body.cancel();
      await rm(request.file);
      throw new Error("the file has changed at the server while it was read");
    }
    await writeFile(sidecar(request.file), JSON.stringify({ of: request.shown, ...validators }));
    let bytes = from;
    const length =
      response.headers.get("content-encoding") === null ? response.headers.get("content-length") : null;
    const total = length === null ? undefined : from + Number(length);
    const counted = async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        alive();
        bytes += chunk.length;
        request.onProgress(bytes, total);
        yield chunk;
      }
    };
    await pipeline(
      Readable.fromWeb(body),
      counted,
      createWriteStream(request.file, { flags: resumed ? "a" : "w", highWaterMark: 1 << 20 }),
    );
    if (total !== undefined && bytes !== total) throw new Error(`${bytes} of ${total} bytes arrived`);
    await rm(sidecar(request.file));
    return validators;
  } catch (error) {
    if (!isOfThisMachine(error)) throw error;
    // Asking the server again does not help, and a part of a file does not help a full disk.
    await rm(sidecar(request.file), { force: true });
    throw abort(error);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether the disk is to blame, not the network. */
function isOfThisMachine(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT", "EACCES"].includes(codeOf(error) ?? "");
}

/** A file that a broken download left, and the version it is a part of. */
interface Part extends Validators {
  readonly bytes: number;
}

async function leftover({ file, shown }: Download): Promise<Part | undefined> {
  try {
    const { of, ...validators } = parsedVersion(await readFile(sidecar(file), "utf8"));
    const { size } = await stat(file);
    // Without a validator nothing tells whether the rest would be of the same version.
    return size > 0 && of === shown && (validators.etag ?? validators.lastModified) !== undefined
      ? { bytes: size, ...validators }
      : undefined;
  } catch {
    return undefined;
  }
}

const version = z.object({
  of: z.string(),
  etag: z.optional(z.string()),
  lastModified: z.optional(z.string()),
});

function parsedVersion(text: string): z.infer<typeof version> {
  return version.parse(JSON.parse(text));
}

/** The file beside an unfinished download that says which version it is a part of. */
export function sidecar(file: string): string {
  return `${file}.version`;
}

/** Whether an answer with a range is the rest of the part. */
function continues(response: Response, part: Part): boolean {
  const { etag, lastModified } = validatorsOf(response);
  const [, start] = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "") ?? [];
  return (
    Number(start) === part.bytes &&
    (etag ?? part.etag) === part.etag &&
    (lastModified ?? part.lastModified) === part.lastModified
  );
}

function headersFor({ known, url }: Download, part: Part | undefined) {
  // The bytes are counted and hashed as published, so no transfer compression.
  const headers = new Headers({ "accept-encoding": "identity" });
  const { username, password } = new URL(url);
  if (username !== "") {
    const user = [username, password].map(decodeURIComponent).join(":");
    headers.set("authorization", `Basic ${Buffer.from(user).toString("base64")}`);
  }
  if (part !== undefined) {
    headers.set("range", `bytes=${part.bytes}-`);
    headers.set("if-range", part.etag ?? part.lastModified ?? "");
  } else if (known?.etag !== undefined) {
    headers.set("if-none-match", known.etag);
  } else if (known?.lastModified !== undefined) {
    headers.set("if-modified-since", known.lastModified);
  }
  return headers;
}

/** `fetch` refuses an address with user and password, and would print it. */
function withoutUser(address: string): URL {
  const url = new URL(address);
  url.username = "";
  url.password = "";
  return url;
}

function validatorsOf(response: Response): Validators {
  const etag = response.headers.get("etag");
  const lastModified = response.headers.get("last-modified");
  // A weak tag promises equal meaning, not equal bytes.
  return {
    ...(etag !== null && !etag.startsWith("W/") && { etag }),
    ...(lastModified !== null && { lastModified }),
  };
}

async function refusal(response: Response, { shown, file }: Download): Promise<Error> {
  await response.body?.cancel();
  const status = `${response.status} ${response.statusText}`.trim();
  switch (response.status) {
    case 404:
    case 410:
      return abort(
        new Failure(
          "permanent",
          `${shown} is not there (${status}): the source has not published it, or has moved`,
        ),
      );
    case 401:
    case 403:
      return abort(
        new Failure("permanent", `${shown} may not be read (${status}): check its address and access`),
      );
    case 416:
      // The part on disk is longer than the file: begin again.
      await rm(file, { force: true });
      return new Error(`the server has no such range (${status})`);
    case 408:
    case 425:
    case 429:
      return new Error(`the server asks to wait (${status})`);
    default:
      return response.status >= 500
        ? new Error(`the server failed (${status})`)
        : abort(new Failure("permanent", `${shown} was refused (${status})`));
  }
}

function abort(error: unknown): AbortError {
  return new AbortError(error instanceof Error ? error : String(error));
}
