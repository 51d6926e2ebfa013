import { createServer, request } from "node:http";
import { connect } from "node:net";
import { listen } from "../../support/cloud/listening";
import { cleanUp, fetched, file, onCleanUp, serve } from "./support";

const content = Buffer.from("id,v\n1,a\n");
const names = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"].flatMap((name) => [
  name,
  name.toLowerCase(),
]);
const before = { ...process.env };

beforeEach(() => {
  for (const name of names) Reflect.deleteProperty(process.env, name);
});
afterEach(async () => {
  process.env = { ...before };
  await cleanUp();
});

/** A proxy that fetches URLs and records them. */
async function proxy() {
  const seen: { readonly url: string | undefined; readonly user: string | undefined }[] = [];
  const server = createServer((incoming, response) => {
    seen.push({ url: incoming.url, user: incoming.headers["proxy-authorization"] });
    request(incoming.url ?? "", { headers: { host: incoming.headers.host } }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    }).end();
  });
  server.on("connect", (incoming, socket, head) => {
    seen.push({ url: incoming.url, user: incoming.headers["proxy-authorization"] });
    const [host, port] = (incoming.url ?? "").split(":");
    const upstream = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on("error", () => socket.destroy());
    socket.on("error", () => upstream.destroy());
  });
  const port = await listen(server);
  onCleanUp(() => {
    server.closeAllConnections();
    server.close();
  });
  return { seen, address: `127.0.0.1:${port}` };
}

test.each(["HTTP_PROXY", "http_proxy", "ALL_PROXY"])(
  "get uses the proxy in %s for an http address",
  async (name) => {
    const { seen, address } = await proxy();
    const url = `${await serve(file(content))}/a%20b.csv`;
    process.env[name] = `http://loader:s3cret@${address}`;
    expect((await fetched(url)).content.equals(content)).toBe(true);
    expect(seen).toEqual([{ url, user: `Basic ${Buffer.from("loader:s3cret").toString("base64")}` }]);
  },
);

test.each(["127.0.0.1", "*", "example.com, 127.0.0.1"])(
  "get uses no proxy for hosts in NO_PROXY: %s",
  async (hosts) => {
    const { seen, address } = await proxy();
    const url = `${await serve(file(content))}/x.csv`;
    Object.assign(process.env, { HTTP_PROXY: `http://${address}`, NO_PROXY: hosts });
    expect((await fetched(url)).content.equals(content)).toBe(true);
    expect(seen).toEqual([]);
  },
);

test("get uses a tunnel through HTTPS_PROXY for an https address", async () => {
  const { seen, address } = await proxy();
  // The server does not support TLS: only the request to the proxy counts.
  const port = new URL(await serve(file(content))).port;
  process.env["HTTPS_PROXY"] = `http://${address}`;
  await expect(
    fetched(`https://127.0.0.1:${port}/x.csv`, {
      timing: { idleTimeout: 500, retries: 0, pause: 1, longestWait: 1 },
    }),
  ).rejects.toThrow();
  expect(seen).toEqual([{ url: `127.0.0.1:${port}`, user: undefined }]);
});

test("download through a proxy that is down is retryable, and the message omits the proxy's password", async () => {
  process.env["HTTP_PROXY"] = "http://loader:s3cret@127.0.0.1:9";
  const timing = { idleTimeout: 500, retries: 1, pause: 1, longestWait: 1 };
  const failure: unknown = await fetched("http://host.example/x.csv", { timing }).catch(
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({ kind: "retryable" });
  expect(String(failure)).toContain("127.0.0.1:9");
  expect(String(failure)).not.toContain("s3cret");
});
