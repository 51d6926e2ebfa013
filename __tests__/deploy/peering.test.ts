import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { FakeProject } from "./support/project";

const network = {
  provider: { google: [{ project: "my-project" }] },
  resource: {
    google_compute_network: { platform: { name: "dev-platform" } },
    google_service_networking_connection: { services: { network: "${google_compute_network.platform.id}" } },
  },
};

let platform: FakeProject;
let server: Server;
let asked: string[];
let answers: Record<string, readonly [status: number, body: object]>;

beforeEach(async () => {
  asked = [];
  answers = {};
  platform = new FakeProject({ network: [], jobs: ["network"] });
  platform.project.stack("network", network);
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const call = `${request.method} ${request.url}`;
      asked.push(`${call} ${body}`.trim());
      expect(request.headers.authorization).toBe("Bearer my-token");
      const [status, answer] = answers[call] ?? [200, { name: "op", status: "DONE" }];
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  process.env.GOOGLE_COMPUTE_CUSTOM_ENDPOINT = `http://127.0.0.1:${port}/compute/v1/`;
  process.env.GOOGLE_OAUTH_ACCESS_TOKEN = "my-token";
  expect(await platform.run("deploy", "--auto-approve")).toMatchObject({ exitCode: 0 });
  expect(asked).toEqual([]);
});
afterEach(async () => {
  delete process.env.GOOGLE_COMPUTE_CUSTOM_ENDPOINT;
  delete process.env.GOOGLE_OAUTH_ACCESS_TOKEN;
  platform.remove();
  await new Promise((resolve) => server.close(resolve));
});

const remove =
  'POST /compute/v1/projects/my-project/global/networks/dev-platform/removePeering {"name":"servicenetworking-googleapis-com"}';
const path = "POST /compute/v1/projects/my-project/global/networks/dev-platform/removePeering";

test("destroy removes the peering of a network before the network, and waits until it is gone", async () => {
  answers = { [path]: [200, { name: "op-1", status: "RUNNING" }] };
  const { exitCode, output } = await platform.run("destroy", "--auto-approve");
  expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
  expect(asked).toEqual([remove, "GET /compute/v1/projects/my-project/global/operations/op-1"]);
  expect(platform.existing()).toEqual([]);
});

test("destroy goes on where the peering is gone already", async () => {
  answers = { [path]: [404, { error: { message: "The resource was not found" } }] };
  expect(await platform.run("destroy", "--auto-approve")).toMatchObject({ exitCode: 0 });
});

test("destroy does not start the network when its peering cannot be removed, and says why", async () => {
  answers = { [path]: [403, { error: { message: "compute.networks.removePeering is required" } }] };
  const { exitCode, output } = await platform.run("destroy", "--auto-approve");
  expect(exitCode).toBe(1);
  expect(output).toContain("Failed: network: the peering of the network dev-platform cannot be removed: 403");
  expect(platform.existing()).toEqual(["network"]);
});

test("the destruction of another stack leaves the peering alone", async () => {
  await platform.run("destroy", "--auto-approve", "--stack", "jobs");
  expect(asked).toEqual([]);
});
