import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { resolve } from "node:path";
import send from "send";
import type { SampleFile } from "./sample/write";

/** A source of files that runs on this machine. */
export interface FileServer {
  /** `http://127.0.0.1:41234`, without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the files as the real source does: Content-Length, ranges, If-Range and If-None-Match, with the sha256 of a
 * file as its ETag. Listens on 127.0.0.1 only, on a port that is free.
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
  // fetch adds `Cache-Control: no-cache` to every conditional request; the real source answers 304 all the same.
  delete request.headers["cache-control"];
  response.setHeader("ETag", `"${file.sha256}"`);
  send(request, file.name, { root, etag: false, lastModified: false, cacheControl: false }).pipe(response);
}

function notFound(response: ServerResponse, names: readonly string[]): void {
  response.writeHead(404, { "Content-Type": "text/plain" });
  response.end(`not here; there are ${names.join(", ")}\n`);
}
