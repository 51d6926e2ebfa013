import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { json as bodyOf } from "node:stream/consumers";
import { promisify } from "node:util";
import * as z from "zod/mini";
import { GoogleGroup } from "../../constructs/service-identity";
import { WarehouseDataset } from "../../constructs/warehouse-dataset";
import { describeUnless } from "../support/unless";
import { stackOf } from "../support/stack";

jest.setTimeout(180_000);

const mirror = process.env["TRIBUTARY_PROVIDER_MIRROR"] ?? "";
const missing = existsSync(join(mirror, "registry.terraform.io/hashicorp/google"))
  ? undefined
  : "TRIBUTARY_PROVIDER_MIRROR is not a folder with hashicorp/google";

/** With real Terraform, the real provider, and a stand-in of BigQuery that has one dataset. */
describeUnless(missing)("grants on a dataset that changes in the same apply", () => {
  let bigquery: OneDataset;
  let folder: string;
  beforeAll(async () => {
    bigquery = new OneDataset();
    await bigquery.start();
    folder = mkdtempSync(join(tmpdir(), "grants-"));
  });
  afterAll(() => {
    bigquery.stop();
    rmSync(folder, { recursive: true });
  });

  async function apply(description: string, groups: readonly string[]): Promise<readonly unknown[]> {
    const { resource } = stackOf((stack) => {
      const dataset = new WarehouseDataset(stack, "raw", { name: "raw", location: "EU", description });
      for (const group of groups) dataset.grantRead(new GoogleGroup(stack, group, `${group}@example.com`));
    });
    const google = { project: "p", access_token: "none", big_query_custom_endpoint: bigquery.url };
    const required = { google: { source: "hashicorp/google", version: "6.50.0" } };
    const root = { terraform: { required_providers: required }, provider: { google }, resource };
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify(root));
    const terraform = (...args: string[]) =>
      promisify(execFile)(process.env["TERRAFORM_BINARY_NAME"] ?? "terraform", args, { cwd: folder });
    await terraform("init", "-input=false", `-plugin-dir=${resolve(mirror)}`);
    await terraform("apply", "-input=false", "-auto-approve");
    return bigquery.groups();
  }

  test("a grant that is revoked does not come back, and one that is new stays", async () => {
    expect(await apply("one", ["a", "b"])).toEqual(["a@example.com", "b@example.com"]);
    expect(await apply("two", ["a"])).toEqual(["a@example.com"]);
    expect(await apply("three", ["a", "c"])).toEqual(["a@example.com", "c@example.com"]);
    expect(await apply("four", [])).toEqual([]);
  });
});

const shape = z.looseObject({
  access: z._default(z.array(z.looseObject({ groupByEmail: z.optional(z.string()) })), []),
});

/** The part of BigQuery's API that the provider uses for one dataset. */
class OneDataset {
  private readonly server: Server = createServer((request, response) => void this.answer(request, response));
  private dataset: z.infer<typeof shape> | undefined;
  private version = 0;
  url = "";

  async start(): Promise<void> {
    await new Promise<void>((done) => this.server.listen(0, "127.0.0.1", done));
    const address = this.server.address();
    if (address === null || typeof address === "string") throw new Error("the server has no port");
    this.url = `http://127.0.0.1:${address.port}/bigquery/v2/`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  /** The groups in the access list. */
  groups(): readonly string[] {
    return (this.dataset?.access ?? []).flatMap(({ groupByEmail }) => groupByEmail ?? []).sort();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === "POST" || request.method === "PUT" || request.method === "PATCH") {
      const given = z.looseObject({}).parse(await bodyOf(request));
      this.version += 1;
      this.dataset = shape.parse({ ...empty, ...this.dataset, ...given, etag: String(this.version) });
    }
    response.writeHead(this.dataset === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(this.dataset ?? { error: { code: 404, message: "not found" } }));
  }
}

const empty = {
  kind: "bigquery#dataset",
  id: "p:raw",
  selfLink: "https://bigquery.googleapis.com/bigquery/v2/projects/p/datasets/raw",
  type: "DEFAULT",
  friendlyName: "",
  defaultCollation: "",
  isCaseInsensitive: false,
  maxTimeTravelHours: "168",
  creationTime: "1",
  lastModifiedTime: "1",
};
