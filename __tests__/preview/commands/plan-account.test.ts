import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "../../../preview/report";
import { describeUnless } from "../../support/unless";
import { preview } from "../support/cli";
import { dataStack, SmallProject, terraformMissing } from "../support/project";

/** Cloud Storage, as an account that may list and read sees it. It has the state of the stack `a_old` only. */
function storage(writes: string[]): Promise<Server> {
  const server = createServer((request, response) => {
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, {
        "content-type": "application/json",
        "x-goog-generation": "1",
        "x-goog-metageneration": "1",
      });
      response.end(JSON.stringify(body));
    };
    const { method = "", url = "" } = request;
    if (method !== "GET") {
      writes.push(`${method} ${url}`);
      answer(403, { error: { code: 403, message: "does not have storage.objects.create access" } });
    } else if (/\/o\?/.test(url)) answer(200, { kind: "storage#objects", items: [] });
    else if (url.startsWith("/b/a_old/default.tfstate")) answer(200, state);
    else if (url.includes("/o/a_old%2Fdefault.tfstate")) answer(200, stateObject);
    else answer(404, { error: { code: 404, message: "No such object" } });
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      resolve(server);
    });
  });
}

const stateObject = { kind: "storage#object", name: "a_old/default.tfstate", bucket: "b", generation: "1" };

const state = {
  version: 4,
  terraform_version: "1.11.4",
  serial: 1,
  lineage: "4b0e1a3c-7a0e-4e0e-9a67-2f6f7d0d9c11",
  outputs: {},
  resources: [
    {
      mode: "managed",
      type: "terraform_data",
      name: "it",
      provider: 'provider["terraform.io/builtin/terraform"]',
      instances: [
        {
          schema_version: 0,
          attributes: {
            id: "1",
            input: { value: "1", type: "string" },
            output: { value: "1", type: "string" },
            triggers_replace: null,
          },
        },
      ],
    },
  ],
};

describeUnless(terraformMissing())("an account that may only read", () => {
  test("plans a stack with a state without a lock, and one without a state as all new", async () => {
    const writes: string[] = [];
    const server = await storage(writes);
    const project = new SmallProject({});
    try {
      for (const name of ["a_old", "b_new"])
        project.stack(name, {
          ...dataStack({ it: "1" }),
          terraform: { backend: { gcs: { bucket: "b", prefix: name } } },
        });
      const { port } = server.address() as AddressInfo;
      const { stderr } = await preview(
        project.folder,
        ["plan", "--head", ".", "--format", "json=report.json"],
        {
          GOOGLE_BACKEND_STORAGE_CUSTOM_ENDPOINT: `http://127.0.0.1:${port}/storage/v1/`,
          GOOGLE_OAUTH_ACCESS_TOKEN: "none",
        },
      );
      expect(stderr).toBe("");
      const { stacks } = JSON.parse(readFileSync(join(project.folder, "report.json"), "utf8")) as Report;
      expect(
        stacks.map(({ name, status, counts, detail }) => ({ name, status, create: counts.create, detail })),
      ).toEqual([
        { name: "a_old", status: "unchanged", create: 0 },
        { name: "b_new", status: "changed", create: 1 },
      ]);
      expect(writes.filter((one) => !one.includes("b_new"))).toEqual([]);
    } finally {
      project.remove();
      server.closeAllConnections();
      server.close();
    }
  }, 60_000);
});
