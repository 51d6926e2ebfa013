import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { resolve } from "node:path";
import send from "send";
import type { SampleFile } from "./sample/write";

/** A local HTTP server for files. */
export interface FileServer {
  /** `http://127.0.0.1:41234`, without a trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the files as the real source does: with Content-Length, ranges, If-Range and If-None-Match, and the sha256 of
 * a file as its ETag. Listens on a free port of 127.0.0.1 only.
 */
export async function serve(folder: string, files: readonly SampleFile[]): Promise<FileServer> {
  const known = new Map(files.map((file) => [`/${file.name}`, file]));
  const server = createServer((request, response) => {
    const file = known.get(request.url ?? "");
    if (file === undefined) notFound(response, [...known.keys()]);
    else sendFile(request, response, resolve(folder), file);
  });
  await new Promise<void>((listening, failed) => {
    server.once("error", failed).listen(0, "127.0.0.1", listening);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the file server has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => {
          closed();
        });
        server.closeAllConnections();
      }),
  };
}

function sendFile(request: IncomingMessage, response: ServerResponse, root: string, file: SampleFile): void {
  // fetch adds `Cache-Control: no-cache` to conditional requests; the real source returns 304 nevertheless.
  delete request.headers["cache-control"];
  response.setHeader("ETag", `"${file.sha256}"`);
  send(request, file.name, { root, etag: false, lastModified: false, cacheControl: false }).pipe(response);
}

function notFound(response: ServerResponse, names: readonly string[]): void {
  response.writeHead(404, { "Content-Type": "text/plain" });
  response.end(`file not found; available files: ${names.join(", ")}\n`);
}
