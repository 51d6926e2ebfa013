/** Reads a source as it arrives, without a copy on this machine. */
import { createReadStream } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod/mini";
import { messageOf } from "../../errors/thrown";
import type { CloudClients } from "../cloud/clients";
import { contentOf } from "../cloud/content";
import { cloudFailure, httpStatusOf } from "../cloud/failure";
import { Failure } from "../failure";
import { sha256Of } from "../files";
import type { SourceRecord } from "../records";
import type { Server, Validators } from "./download";
import { knownVersion, queryHash, type SourceVersion } from "./fetch-source";
import { type Answer, get, type Headers } from "./http-request";
import { httpServer } from "./http-server";
import { localFile } from "./local-file";
import { addressKey, type Location, shownAddress } from "./location";
import { type Part, proofOf } from "./part";
import { refusal } from "./refusal";
import { Busy } from "./retry-after";
import { OtherRegionError, s3Server, s3Settings, s3Url } from "./s3-server";
import { type Content, judged, versionOf } from "./verdict";

export interface StreamRequest {
  readonly location: Location;
  readonly cloud: CloudClients;
  /** The source that all destinations already contain. @default - the source is always read */
  readonly held: SourceRecord | undefined;
}

export interface SourceStream {
  readonly version: SourceVersion;
  /** Size in bytes, if it is known. */
  readonly total: number | undefined;
  /** The bytes, which can be read once. @throws Failure retryable when the rest cannot be read */
  readonly chunks: AsyncIterable<Buffer>;
}

/**
 * @returns "unchanged" when the source is still `held`
 * @throws Failure permanent when the file does not exist, retryable when the source cannot be reached
 */
export async function streamSource(request: StreamRequest): Promise<SourceStream | "unchanged"> {
  const opened = await open(request);
  if (opened === "unchanged") return opened;
  const query = queryHash(request.location);
  return { ...opened, version: { ...opened.version, ...(query !== "" && { query }) } };
}

function open(request: StreamRequest): Promise<SourceStream | "unchanged"> {
  const { location } = request;
  switch (location.kind) {
    case "file":
      return fromFile(location.path, request.held);
    case "gs":
      return fromObject(request, location);
    case "http":
      return new HttpStream(request, new URL(location.url), httpServer(location.url)).open();
    case "s3":
      return fromS3(request, location);
  }
}

async function fromFile(path: string, held: SourceRecord | undefined): Promise<SourceStream | "unchanged"> {
  const { size } = await localFile(path);
  if (held !== undefined && (await sha256Of(path)) === held.sha256) return "unchanged";
  return { version: {}, total: size, chunks: createReadStream(path, { highWaterMark: 1 << 20 }) };
}

async function fromObject(
  { location, cloud, held }: StreamRequest,
  { bucket, name }: Extract<Location, { readonly kind: "gs" | "s3" }>,
): Promise<SourceStream | "unchanged"> {
  const shown = shownAddress(location);
  const objects = (await cloud.storage()).bucket(bucket);
  try {
    const [metadata] = await objects.file(name).getMetadata();
    const { generation, size, md5Hash } = objectMetadata.parse(metadata);
    if (knownVersion(location, held)?.etag === generation) return "unchanged";
    const file = objects.file(name, { generation });
    return {
      version: { etag: generation },
      total: size,
      chunks: explained(contentOf(file, { hasMd5: md5Hash !== undefined, decompress: false }), (error) =>
        cloudFailure(error, `${shown} cannot be read`),
      ),
    };
  } catch (error) {
    if (httpStatusOf(error) === 404)
      throw new Failure("permanent", `${shown} does not exist: it is not published yet, or has moved`, {
        cause: error,
      });
    throw cloudFailure(error, `${shown} cannot be read`);
  }
}

const objectMetadata = z.object({
  generation: z.coerce.string(),
  size: z.coerce.number(),
  md5Hash: z.optional(z.string()),
});

async function* explained(
  chunks: AsyncIterable<Buffer>,
  failure: (error: unknown) => Failure,
): AsyncGenerator<Buffer> {
  try {
    yield* chunks;
  } catch (error) {
    throw failure(error);
  }
}

async function fromS3(
  request: StreamRequest,
  object: Extract<Location, { readonly kind: "s3" | "gs" }>,
): Promise<SourceStream | "unchanged"> {
  const settings = await s3Settings(process.env);
  const shown = shownAddress(object);
  const stream = async (region: string) => {
    const there = { ...settings, region };
    return new HttpStream(request, new URL(s3Url(object, there)), await s3Server(there, shown)).open();
  };
  try {
    return await stream(settings.region);
  } catch (error) {
    if (!(error instanceof OtherRegionError) || settings.endpoint !== undefined) throw error;
    return stream(error.region);
  }
}

/** How long a response may send nothing, in milliseconds. */
const idleTimeout = 30_000;
/** Attempts in a row that receive nothing. */
const attempts = 5;
const longestWait = 90_000;

/**
 * A response that is continued with Range and If-Range when its connection breaks. What was read cannot be read again, so
 * a server that does not prove that the rest is of the same version ends the run.
 */
class HttpStream {
  private readonly shown: string;
  private readonly key: string;
  private readonly known: Validators | undefined;

  constructor(
    { location, held }: StreamRequest,
    private readonly url: URL,
    private readonly server: Server,
  ) {
    this.shown = shownAddress(location);
    this.key = addressKey(location);
    this.known = knownVersion(location, held);
  }

  async open(): Promise<SourceStream | "unchanged"> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const first = await this.ask(undefined);
        if (first === "unchanged") return first;
        const { etag, lastModified, total, coding } = first.content.version;
        if (coding !== "") {
          first.discard();
          throw new Failure(
            "permanent",
            `${this.shown} is sent with Content-Encoding ${coding} although none was requested; set engine to "duckdb", ` +
              "which decodes it",
          );
        }
        const version = {
          ...(etag !== undefined && { etag }),
          ...(lastModified !== undefined && { lastModified }),
        };
        return { version, total, chunks: this.chunks(first) };
      } catch (error) {
        await this.pause(error, attempt);
      }
    }
  }

  private async *chunks(first: Opened): AsyncGenerator<Buffer> {
    let opened = first;
    let part: Part = { ...first.content.version, bytes: 0, pieces: 1, failures: 0 };
    for (let attempt = 1; ;) {
      try {
        for await (const chunk of opened.body()) {
          part = { ...part, bytes: part.bytes + chunk.length };
          attempt = 1;
          yield chunk;
        }
        const { end, partial, version } = opened.content;
        if (end !== undefined && part.bytes !== end)
          throw new Error(`received ${part.bytes} of ${end} bytes`);
        if (!partial || part.bytes === version.total) return;
      } catch (error) {
        await this.pause(error, attempt);
        attempt += 1;
      } finally {
        opened.discard();
      }
      for (;;) {
        try {
          opened = await this.rest(part);
          break;
        } catch (error) {
          await this.pause(error, attempt);
          attempt += 1;
        }
      }
    }
  }

  private async rest(part: Part): Promise<Opened> {
    const changed = (why: string) =>
      new Failure(
        "retryable",
        `${this.shown}: the connection was lost after ${part.bytes} bytes, and the rest cannot be read: ${why}; run again`,
      );
    if (proofOf(part) === undefined) throw changed("the server sends no ETag or Last-Modified header");
    const opened = await this.ask(part);
    if (opened === "unchanged") throw changed("the server sends no range");
    if (opened.content.start !== part.bytes) {
      opened.discard();
      throw changed("the file has changed on the server, or the server sends no ranges");
    }
    return opened;
  }

  private async ask(part: Part | undefined): Promise<Opened | "unchanged"> {
    const stalled = new AbortController();
    const timer = setTimeout(() => {
      stalled.abort();
    }, idleTimeout);
    try {
      const answer = await get({
        url: this.url,
        headers: (url, redirected) => this.server.headers(url, redirected, this.wanted(part)),
        signal: stalled.signal,
      });
      const version = versionOf(answer, this.key, undefined, new Date());
      const verdict = judged(answer, version, part, part === undefined && this.known !== undefined);
      if (verdict.kind === "content")
        return {
          content: verdict,
          body: () => guarded(answer, stalled, timer),
          discard: () => {
            clearTimeout(timer);
            answer.discard();
          },
        };
      clearTimeout(timer);
      const special = verdict.kind === "refused" ? await this.server.refusal?.(answer) : undefined;
      answer.discard();
      switch (verdict.kind) {
        case "unchanged":
          return "unchanged";
        case "refused":
          throw special ?? refusal(answer, this.shown, new Date());
        case "complete":
        case "mismatch":
        case "changed":
          throw new Failure(
            "retryable",
            `${this.shown}: the file has changed on the server, or its ranges are not reliable; run again`,
          );
      }
    } catch (error) {
      clearTimeout(timer);
      throw stalled.signal.aborted ? idle(error) : error;
    }
  }

  private wanted(part: Part | undefined): Headers {
    const headers = { accept: "*/*", "accept-encoding": "identity", "user-agent": "tributary" };
    const proof = part && proofOf(part);
    if (part !== undefined && proof !== undefined)
      return { ...headers, range: `bytes=${part.bytes}-`, [this.server.precondition]: proof };
    if (this.known?.etag !== undefined) return { ...headers, "if-none-match": this.known.etag };
    if (this.known?.lastModified !== undefined)
      return { ...headers, "if-modified-since": this.known.lastModified };
    return headers;
  }

  /** Waits before the next attempt. @throws the error, if there is none */
  private async pause(error: unknown, attempt: number): Promise<void> {
    if (error instanceof Failure) throw error;
    const wait = error instanceof Busy ? (error.wait ?? 0) : 300 * 2 ** attempt;
    if (attempt < attempts && wait <= longestWait) {
      await sleep(wait);
      return;
    }
    throw new Failure(
      "retryable",
      `${this.shown} could not be read in ${attempt} attempts: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

interface Opened {
  readonly content: Content;
  readonly body: () => AsyncIterable<Buffer>;
  /** Ends the response, whether it was read or not. */
  readonly discard: () => void;
}

/** The body, which is aborted when it sends nothing. The time that the consumer takes does not count. */
async function* guarded(
  answer: Answer,
  stalled: AbortController,
  first: NodeJS.Timeout,
): AsyncGenerator<Buffer> {
  let timer = first;
  try {
    for await (const chunk of answer.body()) {
      clearTimeout(timer);
      yield chunk;
      timer = setTimeout(() => {
        stalled.abort();
      }, idleTimeout);
    }
  } catch (error) {
    throw stalled.signal.aborted ? idle(error) : error;
  } finally {
    clearTimeout(timer);
  }
}

function idle(cause: unknown): Error {
  return new Error(`no data received for ${idleTimeout / 1000} s`, { cause });
}
