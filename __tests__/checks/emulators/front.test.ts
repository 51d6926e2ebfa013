import { createServer, type Server } from "node:http";
import { type Front, startFront } from "../../support/cloud/front";
import { close, listen } from "../../support/cloud/listening";

let received: string[];
let server: Server;
let front: Front;

beforeEach(async () => {
  received = [];
  server = createServer((request, response) => {
    received.push(`${request.method ?? ""} ${request.url ?? ""}`);
    const url = `http://${request.headers.host ?? ""}`;
    response.writeHead(200, { "content-type": "application/json", location: `${url}/next` });
    response.end(JSON.stringify({ self: `${url}/self` }));
  });
  front = await startFront(`http://127.0.0.1:${await listen(server)}`);
});
afterEach(async () => {
  await front.stop();
  await close(server);
});

const always = () => true;

test("front forwards responses and replaces the address of the server with its own", async () => {
  const response = await fetch(`${front.url}/a?b=c`, { method: "POST", body: "content" });
  expect(response.headers.get("location")).toBe(`${front.url}/next`);
  expect(await response.json()).toEqual({ self: `${front.url}/self` });
  expect(received).toEqual(["POST /a?b=c"]);
  expect(front.asked.map(({ path, body }) => [path, body.toString()])).toEqual([["/a?b=c", "content"]]);
});

test("front applies each fault to one matching request", async () => {
  front.failNext(({ path }) => path === "/one", { status: 503, message: "later" });
  expect((await fetch(`${front.url}/two`)).status).toBe(200);
  expect(front.pending()).toBe(1);
  const failed = await fetch(`${front.url}/one`);
  expect([failed.status, await failed.json()]).toMatchObject([
    503,
    { error: { code: 503, message: "later" } },
  ]);
  expect((await fetch(`${front.url}/one`)).status).toBe(200);
  expect(front.pending()).toBe(0);
  expect(received).toEqual(["GET /two", "GET /one"]);
});

test.each([
  ["drop", []],
  ["answerThenDrop", ["PUT /"]],
] as const)("fault %s breaks the connection", async (fault, reached) => {
  front.failNext(always, fault);
  await expect(fetch(front.url, { method: "PUT" })).rejects.toThrow("fetch failed");
  expect(received).toEqual(reached);
});

test("fault cut breaks the connection within the response", async () => {
  front.failNext(always, "cut");
  const response = await fetch(front.url);
  expect(response.status).toBe(200);
  await expect(response.text()).rejects.toThrow("terminated");
});

test("fault corrupt changes one byte", async () => {
  const right = Buffer.from(await (await fetch(front.url)).arrayBuffer());
  front.failNext(always, "corrupt");
  const wrong = Buffer.from(await (await fetch(front.url)).arrayBuffer());
  expect(wrong).toHaveLength(right.length);
  expect([...wrong].filter((byte, i) => byte !== right[i])).toHaveLength(1);
});
