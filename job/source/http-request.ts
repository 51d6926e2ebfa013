/** One GET over HTTP: through the proxy of the environment, following redirects, the body as it was sent. */
import { request as requestHttp, type Agent, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { HttpProxyAgent } from "http-proxy-agent";
import { HttpsProxyAgent } from "https-proxy-agent";
import { getProxyForUrl } from "proxy-from-env";

export type Headers = Readonly<Record<string, string>>;

/** What a server answered; its body is not yet read, and not decoded. */
export interface Answer {
  /** Address after all redirects. */
  readonly url: URL;
  readonly status: number;
  /** `503 Service Unavailable` */
  readonly statusText: string;
  readonly header: (name: string) => string | undefined;
  /** The body's bytes as sent; fails when the connection ends before the answer does, or the server sends more than it announced. */
  body(): AsyncGenerator<Buffer>;
  /** Drops the body, and with it the connection. */
  discard(): void;
}

/** More bytes than the server spoke of: of none of them it is sure where they belong. */
export class SurplusError extends Error {
  override readonly message = "the server sent more than it had announced";
}

export interface Request {
  readonly url: URL;
  /** Headers for the address, or for the one it redirects to: `redirected` says whether that is another server. */
  readonly headers: (url: URL, redirected: boolean) => Promise<Headers> | Headers;
  /** Breaks the connection, whatever it is at. */
  readonly signal: AbortSignal;
}

const maxRedirects = 10;

/**
 * Sends a GET. The environment's HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY say whether through a proxy.
 *
 * @throws Error as Node throws it when there is no answer, or when it redirects to nowhere
 */
export async function get({ url, headers, signal }: Request): Promise<Answer> {
  let at = url;
  for (let hop = 0; hop <= maxRedirects; hop += 1) {
    const answer = await send(at, await headers(at, at.origin !== url.origin), signal);
    const location = answer.header("location");
    if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return answer;
    answer.discard();
    at = redirectTarget(location, at);
  }
  throw new Error(`the server redirects more than ${maxRedirects} times`);
}

function redirectTarget(location: string, from: URL): URL {
  const target = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (target === undefined || !["http:", "https:"].includes(target.protocol))
    throw new Error("the server redirects to what is not a valid http or https address");
  return target;
}

function send(url: URL, headers: Headers, signal: AbortSignal): Promise<Answer> {
  const bare = new URL(url);
  bare.username = "";
  bare.password = "";
  const request = bare.protocol === "https:" ? requestHttps : requestHttp;
  // Without an agent's pool every answer has a connection of its own: what follows it is seen, and it ends with it.
  return new Promise((resolve, reject) => {
    const surplus: Error[] = [];
    const sent = request(bare, { headers, signal, agent: proxyAgent(bare) ?? false })
      .on("response", (response) => {
        resolve(answerOf(bare, response, surplus));
      })
      .on("error", (error) => {
        surplus.push(error);
        reject(error);
      });
    sent.end();
  });
}

function proxyAgent(url: URL): Agent | undefined {
  const proxy = getProxyForUrl(url.href);
  if (proxy === "") return undefined;
  // A proxy is asked for an http address by its whole URL, and for a tunnel to an https one.
  return url.protocol === "https:" ? new HttpsProxyAgent(proxy) : new HttpProxyAgent(proxy);
}

/** @param errors gets what the parser finds fault with after the end of the answer */
function answerOf(url: URL, response: IncomingMessage, errors: readonly Error[]): Answer {
  return {
    url,
    status: response.statusCode ?? 0,
    statusText: `${response.statusCode ?? 0} ${response.statusMessage ?? ""}`.trim(),
    header: (name) => {
      const value = response.headers[name];
      return Array.isArray(value) ? value.join(", ") : value;
    },
    async *body() {
      for await (const chunk of response as AsyncIterable<Buffer>) yield chunk;
      if (!response.complete) throw new Error("the connection ended before the answer did");
      if (errors.some(isSurplus)) throw new SurplusError();
    },
    discard: () => {
      response.destroy();
    },
  };
}

function isSurplus(error: Error): boolean {
  return "code" in error && typeof error.code === "string" && error.code.startsWith("HPE_");
}
