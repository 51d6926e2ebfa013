/** An HTTP GET that honors the proxy variables, follows redirects, and returns the body as sent. */
import { request as requestHttp, type Agent, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { HttpProxyAgent } from "http-proxy-agent";
import { HttpsProxyAgent } from "https-proxy-agent";
import { getProxyForUrl } from "proxy-from-env";

export type Headers = Readonly<Record<string, string>>;

/** A server's response; its body is not read or decoded. */
export interface Answer {
  /** Address after all redirects. */
  readonly url: URL;
  readonly status: number;
  /** `503 Service Unavailable` */
  readonly statusText: string;
  readonly header: (name: string) => string | undefined;
  /** The body's bytes as sent. Throws when the connection ends too early, or the server sends more than it announced. */
  body(): AsyncGenerator<Buffer>;
  /** Discards the body and closes the connection. */
  discard(): void;
}

/** The server sent more bytes than it announced: none of them can be trusted. */
export class SurplusError extends Error {
  override readonly message = "the server sent more bytes than it announced";
}

export interface Request {
  readonly url: URL;
  /** Headers for a URL. `redirected`: whether it is on another server, after a redirect. */
  readonly headers: (url: URL, redirected: boolean) => Promise<Headers> | Headers;
  /** Aborts the request at any time. */
  readonly signal: AbortSignal;
}

const maxRedirects = 10;

/**
 * Sends a GET request, through a proxy if HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY specify one.
 *
 * @throws Node's error when there is no response; Error when a redirect is not valid
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
  throw new Error(`the server redirected more than ${maxRedirects} times`);
}

function redirectTarget(location: string, from: URL): URL {
  const target = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (target === undefined || !["http:", "https:"].includes(target.protocol))
    throw new Error("the server redirected to an address that is not a valid HTTP or HTTPS URL");
  return target;
}

function send(url: URL, headers: Headers, signal: AbortSignal): Promise<Answer> {
  const bare = new URL(url);
  bare.username = "";
  bare.password = "";
  const request = bare.protocol === "https:" ? requestHttps : requestHttp;
  // One connection per request, without a pool: surplus bytes are detected and the connection ends with the response.
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
  // Proxies get the whole URL of an HTTP request, and CONNECT for HTTPS.
  return url.protocol === "https:" ? new HttpsProxyAgent(proxy) : new HttpProxyAgent(proxy);
}

/** @param errors receives errors of the parser after the end of the response */
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
      if (!response.complete) throw new Error("the connection was closed before the end of the response");
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
