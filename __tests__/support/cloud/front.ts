import { createServer, request as send, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { close, listen } from "./listening";

/** What a client sent. */
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
 * What goes wrong with one request:
 * - a status: that answer, in the form of Google's APIs, and the emulator hears nothing of the request
 * - `drop`: the connection breaks, and the emulator hears nothing of the request
 * - `answerThenDrop`: the emulator does what was asked, and the connection breaks before its answer
 * - `cut`: the connection breaks in the middle of the answer's body
 * - `corrupt`: one byte of the answer's body is another one
 */
export type Fault =
  { readonly status: number; readonly message?: string } | "drop" | "answerThenDrop" | "cut" | "corrupt";

/** Stands before an emulator: a client that talks to it talks to the emulator, except for what a test makes go wrong. */
export interface Front {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** What clients sent, in the order in which it came. */
  readonly asked: readonly Asked[];
  /** Faults that no request has met yet: at the end of a test there is none. */
  pending(): number;
  /** Lets the next request that matches go wrong; asked twice, the next two. */
  failNext(matches: (asked: Asked) => boolean, fault: Fault): void;
  /** Breaks all connections. */
  stop(): Promise<void>;
}

/** Answers a request; `forward` is the emulator's own answer. */
export type Handler = (asked: Asked, forward: (asked: Asked) => Promise<Answer>) => Promise<Answer>;

/**
 * @param emulator `http://127.0.0.1:<port>`
 * @param handler @default - what the emulator answers
 */
export async function startFront(
  emulator: string,
  handler: Handler = (asked, forward) => forward(asked),
): Promise<Front> {
  const asked: Asked[] = [];
  const faults: { matches: (asked: Asked) => boolean; fault: Fault }[] = [];
  const forward = async (one: Asked) => moved(await answerOf(emulator, one), emulator, url);
  const serve = async (one: Asked, response: ServerResponse) => {
    asked.push(one);
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
        // No client tries this again.
        write(response, plain(501, `The front before the emulator failed: ${String(error)}`));
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
    stop: () => {
      server.closeAllConnections();
      return close(server);
    },
  };
}

/** An answer in words: to whoever reads the test's output. */
export function plain(status: number, text: string): Answer {
  return { status, headers: { "content-type": "text/plain" }, body: Buffer.from(text) };
}

function refusal({ status, message = "made to fail" }: Extract<Fault, object>): Answer {
  return jsonAnswer(status, { error: { code: status, message, errors: [{ message }] } });
}

export function jsonAnswer(status: number, content: object): Answer {
  const body = Buffer.from(JSON.stringify(content));
  return { status, headers: { "content-type": "application/json; charset=UTF-8" }, body };
}

export function isJson({ headers }: Pick<Answer, "headers">): boolean {
  return headers["content-type"]?.includes("json") ?? false;
}

/** Not fetch: it would unpack bodies, and add headers. */
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

/** The headers that are about the message and not about one connection. */
function own(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const ofConnection = ["connection", "keep-alive", "transfer-encoding"];
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ofConnection.includes(name)));
}

/** With the front's address wherever the emulator wrote its own: an upload goes on where an answer says. */
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
  // A client that has left in the meantime, killed perhaps, is written to in vain.
  response.writeHead(status, { ...headers, "content-length": body.length }).end(body);
}
