/** Helpers of the source tests: a server with given responses, and a download without pauses. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { download, type Download, type Downloaded } from "../../../job/source/download";
import { httpServer } from "../../../job/source/http-server";
import { close, listen } from "../../support/cloud/listening";

const cleanups: (() => unknown)[] = [];

export async function cleanUp(): Promise<void> {
  for (let cleanup = cleanups.pop(); cleanup !== undefined; cleanup = cleanups.pop()) await cleanup();
}

export function onCleanUp(cleanup: () => unknown): void {
  cleanups.push(cleanup);
}

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tributary-source-"));
  cleanups.push(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Serves HTTP on a free port of this machine; returns the URL without a trailing slash. */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  const port = await listen(server);
  cleanups.push(() => {
    server.closeAllConnections();
    return close(server);
  });
  return `http://127.0.0.1:${port}`;
}

/** Serves the responses in order, and the last one for all later requests. */
export async function serveInTurn(...answers: readonly RequestListener[]) {
  const asked: IncomingMessage["headers"][] = [];
  const url = await serve((request, response) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)];
    asked.push({ ...request.headers });
    answer?.(request, response);
  });
  return { asked, url: `${url}/x.csv` };
}

export interface Sent {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Number of bytes to send before the connection breaks. @default - all */
  readonly cut?: number;
  /** Maximum number of bytes per range request. @default - the requested range */
  readonly most?: number;
}

/** Responds like a server that supports ranges and conditional requests. */
export function file(content: Buffer, { headers = { etag: '"1"' }, cut, most, status }: Sent = {}) {
  return (request: IncomingMessage, response: ServerResponse) => {
    const wanted = /^bytes=(\d+)-$/.exec(request.headers.range ?? "");
    const condition = request.headers["if-range"];
    const holds =
      condition === undefined || [headers["etag"], headers["last-modified"]].includes(String(condition));
    if (wanted === null || !holds) {
      response.writeHead(status ?? 200, { "content-length": content.length, ...headers });
      send(response, content, cut);
      return;
    }
    const from = Number(wanted[1]);
    const piece = content.subarray(from, from + (most ?? content.length));
    response.writeHead(206, {
      "content-length": piece.length,
      "content-range": `bytes ${from}-${from + piece.length - 1}/${content.length}`,
      ...headers,
    });
    send(response, piece, cut);
  };
}

/** Sends bytes and breaks the connection after `limit`. */
export function send(response: ServerResponse, content: Buffer, cut?: number): void {
  if (cut === undefined || cut >= content.length) {
    response.end(content);
    return;
  }
  // Wait until the bytes are sent before breaking the connection.
  response.write(content.subarray(0, cut), () => setTimeout(() => response.socket?.destroySoon(), 50));
  response.flushHeaders();
}

export function status(code: number, headers: Readonly<Record<string, string>> = {}): RequestListener {
  return (_request, response) => {
    response.writeHead(code, headers).end("not today");
  };
}

export interface Fetched {
  readonly result: Downloaded | "unchanged";
  readonly content: Buffer;
}

/** Downloads with short pauses. */
export async function fetched(
  url: string,
  more: Partial<Download> & { readonly folder?: string } = {},
): Promise<Fetched> {
  const { folder = newFolder(), ...request } = more;
  const target = join(folder, "source.csv");
  const result = await download({
    url,
    shown: url,
    key: url,
    file: target,
    gzip: false,
    known: undefined,
    server: httpServer(url),
    onProgress: () => undefined,
    timing: { idleTimeout: 20_000, retries: 4, pause: 1, longestWait: 3000 },
    ...request,
  });
  return { result, content: result === "unchanged" ? Buffer.alloc(0) : readFileSync(target) };
}

/** A seeded random number generator from 0 to 1. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}
