import { createServer, request as send, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { close, listen } from "./listening";

/** A request of a client. */
export interface Asked {
  readonly method: string;
  /** With the query: `/bigquery/v2/projects/demo/jobs?prettyPrint=false`. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * A failure of one request:
 * - a status: a response with this status, in the format of Google's APIs; the emulator does not receive the request
 * - `drop`: the connection breaks; the emulator does not receive the request
 * - `answerThenDrop`: the emulator processes the request, and the connection breaks before the response
 * - `cut`: the connection breaks in the middle of the response body
 * - `corrupt`: one byte of the response body is changed
 */
export type Fault =
  { readonly status: number; readonly message?: string } | "drop" | "answerThenDrop" | "cut" | "corrupt";

/** A proxy in front of an emulator that can inject faults. */
export interface Front {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Requests of clients, in order. */
  readonly asked: readonly Asked[];
  /** Number of faults that no request has matched yet. 0 at the end of a test. */
  pending(): number;
  /** Injects a fault into the next matching request. Can be called several times. */
  failNext(matches: (asked: Asked) => boolean, fault: Fault): void;
  /** Lets the next such request wait until what is returned has ended. */
  holdNext(matches: (asked: Asked) => boolean, work: () => Promise<unknown>): void;
  /** Breaks all connections. */
  stop(): Promise<void>;
}

/** Handles a request; `forward` returns the emulator's response. */
export type Handler = (asked: Asked, forward: (asked: Asked) => Promise<Answer>) => Promise<Answer>;

/**
 * @param emulator `http://127.0.0.1:<port>`
 * @param handler handles requests. @default - returns the emulator's response
 */
export async function startFront(
  emulator: string,
  handler: Handler = (asked, forward) => forward(asked),
): Promise<Front> {
  const asked: Asked[] = [];
  const faults: { matches: (asked: Asked) => boolean; fault: Fault }[] = [];
  const holds: { matches: (asked: Asked) => boolean; work: () => Promise<unknown> }[] = [];
  const forward = async (one: Asked) => moved(await answerOf(emulator, one), emulator, url);
  const serve = async (one: Asked, response: ServerResponse) => {
    asked.push(one);
    const waits = holds.findIndex(({ matches }) => matches(one));
    if (waits >= 0) await holds.splice(waits, 1)[0]?.work();
    const met = faults.findIndex(({ matches }) => matches(one));
    const fault = met < 0 ? undefined : faults.splice(met, 1)[0]?.fault;
    if (fault === "drop") response.destroy();
    else if (typeof fault === "object") write(response, refusal(fault));
    else spoil(response, await handler(one, forward), fault);
  };
  const server = createServer((incoming, response) => {
    void buffer(incoming)
      .then((body) => {
        const { method = "", url: path = "", headers } = incoming;
        return serve({ method, path, headers, body }, response);
      })
      .catch((error: unknown) => {
        // Clients do not retry this status.
        write(response, plain(501, `The front of the emulator failed: ${String(error)}`));
      });
  });
  const url = `http://127.0.0.1:${await listen(server)}`;
  return {
    url,
    asked,
    pending: () => faults.length,
    failNext: (matches, fault) => {
      faults.push({ matches, fault });
    },
    holdNext: (matches, work) => {
      holds.push({ matches, work });
    },
    stop: () => {
      server.closeAllConnections();
      return close(server);
    },
  };
}

/** A text response, for the output of the test. */
export function plain(status: number, text: string): Answer {
  return { status, headers: { "content-type": "text/plain" }, body: Buffer.from(text) };
}

function refusal({ status, message = "injected fault" }: Extract<Fault, object>): Answer {
  return jsonAnswer(status, { error: { code: status, message, errors: [{ message }] } });
}

export function jsonAnswer(status: number, content: object): Answer {
  const body = Buffer.from(JSON.stringify(content));
  return { status, headers: { "content-type": "application/json; charset=UTF-8" }, body };
}

export function isJson({ headers }: Pick<Answer, "headers">): boolean {
  return headers["content-type"]?.includes("json") ?? false;
}

/** Does not use fetch, which would decompress bodies and add headers. */
function answerOf(emulator: string, { method, path, headers, body }: Asked): Promise<Answer> {
  const { host, origin } = new URL(emulator);
  return new Promise((resolve, reject) => {
    const options = {
      method,
      headers: { ...own(headers), host, "content-length": body.length },
      agent: false,
    };
    send(new URL(path, origin), options, (response) => {
      buffer(response).then((answer) => {
        resolve({ status: response.statusCode ?? 0, headers: own(response.headers), body: answer });
      }, reject);
    })
      .on("error", reject)
      .end(body);
  });
}

/** The headers without those of a single connection. */
function own(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const ofConnection = ["connection", "keep-alive", "transfer-encoding"];
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ofConnection.includes(name)));
}

/** Replaces the emulator's address with that of the front: an upload continues at an address in the response. */
function moved(answer: Answer, emulator: string, front: string): Answer {
  const { location } = answer.headers;
  const headers = { ...answer.headers, ...(location && { location: location.replace(emulator, front) }) };
  if (!isJson(answer)) return { ...answer, headers };
  return { ...answer, headers, body: Buffer.from(answer.body.toString().replaceAll(emulator, front)) };
}

function spoil(response: ServerResponse, answer: Answer, fault: Extract<Fault, string> | undefined): void {
  const half = Math.floor(answer.body.length / 2);
  switch (fault) {
    case undefined:
      write(response, answer);
      break;
    case "drop":
    case "answerThenDrop":
      response.destroy();
      break;
    case "cut":
      response.writeHead(answer.status, { ...answer.headers, "content-length": answer.body.length });
      response.write(answer.body.subarray(0, half), () => response.destroy());
      break;
    case "corrupt": {
      const body = Buffer.from(answer.body);
      body[half] = (body[half] ?? 0) ^ 1;
      write(response, { ...answer, body });
    }
  }
}

function write(response: ServerResponse, { status, headers, body }: Answer): void {
  // If the client is gone in the meantime, the write has no effect.
  response.writeHead(status, { ...headers, "content-length": body.length }).end(body);
}
