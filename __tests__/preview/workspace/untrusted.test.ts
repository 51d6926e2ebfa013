import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stackFolders } from "../../../terraform/stack-folder";
import { copyUntrusted } from "../../../preview/workspace/untrusted";
import { loadCatalog } from "../../fixtures/catalog";
import { environments, loadEnvironment } from "../../fixtures/config";
import { synthesizeInto } from "../../../scripts/synthesized";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "untrusted-"))));
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const harmless = {
  terraform: {
    backend: { gcs: { bucket: "state", prefix: "x" } },
    required_providers: { google: { source: "google", version: "6.50.0" } },
  },
  provider: { google: [{ project: "p", region: "europe-west6" }] },
  resource: { google_storage_bucket: { lake: { name: "lake", location: "EU" } } },
};

function synthesis(name: string, json: object, workingDirectory = `stacks/${name}`): string {
  const outdir = join(folder, "from");
  mkdirSync(join(outdir, "stacks", name), { recursive: true });
  writeFileSync(join(outdir, "stacks", name, "cdk.tf.json"), JSON.stringify(json));
  const stacks = { [name]: { name, workingDirectory, dependencies: [] } };
  writeFileSync(join(outdir, "manifest.json"), JSON.stringify({ stacks }));
  return outdir;
}

const copied = (json: object) => {
  copyUntrusted(synthesis("prod-lake", json), join(folder, "to"));
};

test("the stacks of the platform are safe to plan", () => {
  for (const { name } of environments) {
    const outdir = join(folder, name);
    synthesizeInto(outdir, { environment: loadEnvironment(name), catalog: loadCatalog() });
    copyUntrusted(outdir, join(folder, `${name}-copy`));
    expect(stackFolders(join(folder, `${name}-copy`)).map((stack) => stack.name)).toEqual(
      stackFolders(outdir).map((stack) => stack.name),
    );
  }
});

const { terraform } = harmless;
const bucket = (more: object) => ({ resource: { google_storage_bucket: { lake: more } } });

test.each<[string, object]>([
  [
    "requires the provider evil/google",
    { terraform: { required_providers: { google: { source: "evil/google" } } } },
  ],
  [
    "requires the provider hashicorp/external",
    { terraform: { required_providers: { e: { source: "hashicorp/external" } } } },
  ],
  [
    "sets provider.google.storage_custom_endpoint",
    { provider: { google: [{ storage_custom_endpoint: "https://x.example/" }] } },
  ],
  ["sets provider.google.credentials", { provider: { google: { credentials: "/root/key.json" } } }],
  ["reads the data source external", { data: { external: { x: { program: ["sh"] } } } }],
  ["reads the data source http", { data: { http: { x: { url: "http://metadata" } } } }],
  ["reads the data source terraform_remote_state", { data: { terraform_remote_state: { x: {} } } }],
  ["reads the data source google_client_config", { data: { google_client_config: { x: {} } } }],
  ["lake has provisioner", bucket({ provisioner: [{ "local-exec": { command: "id" } }] })],
  ["lake has connection", bucket({ connection: { host: "x" } })],
  ["lake has source", { resource: { google_storage_bucket_object: { lake: { source: "/etc/passwd" } } } }],
  ["calls file()", bucket({ name: '${file("/proc/self/environ")}' })],
  ["calls filebase64()", bucket({ labels: { x: '%{ if true }${ filebase64 ( "/x") }%{ endif }' } })],
  ["calls templatefile()", { locals: { x: '${templatefile("/x", {})}' } }],
  ["calls file()", { locals: { '${file("/x")}': 1 } }],
  ["has module", { module: { x: { source: "git::https://x.example" } } }],
  ["has check", { check: { x: {} } }],
  ["sets terraform.cloud", { terraform: { ...terraform, cloud: {} } }],
  ["uses the backend http", { terraform: { ...terraform, backend: { http: { address: "x" } } } }],
  [
    "sets terraform.backend.gcs.access_token",
    { terraform: { ...terraform, backend: { gcs: { access_token: "x" } } } },
  ],
])("a stack that %s is rejected", (danger, more) => {
  expect(() => {
    copied({ ...harmless, ...more });
  }).toThrow(`the synthesized stacks are not safe to plan:\n  - prod-lake ${danger}`);
  expect(readdirSync(folder)).toEqual(["from"]);
});

test("all unsafe parts are in one message", () => {
  expect(() => {
    copied({ ...harmless, data: { http: { x: {} } }, module: { x: {} } });
  }).toThrow(/has module\n.*reads the data source http/);
});

test("text that looks like a function call is safe", () => {
  copied({ ...harmless, ...bucket({ name: "$${file(x)}", labels: { file: "file(x)" } }) });
});

test("other files in the folder of a stack are not copied", () => {
  const outdir = synthesis("prod-lake", harmless);
  for (const name of ["evil.tf", "terraform.tfvars", ".terraformrc", "z_override.tf.json"])
    writeFileSync(join(outdir, "stacks", "prod-lake", name), "");
  copyUntrusted(outdir, join(folder, "to"));
  expect(readdirSync(join(folder, "to", "stacks", "prod-lake"))).toEqual(["cdk.tf.json"]);
});

test("a duplicate key is removed, so that Terraform gets the validated value", () => {
  const outdir = synthesis("prod-lake", harmless);
  const text = `{"data": {"http": {"x": {}}}, "data": {}, "locals": {"n": 9007199254740993}, ${JSON.stringify(harmless).slice(1)}`;
  writeFileSync(join(outdir, "stacks", "prod-lake", "cdk.tf.json"), text);
  copyUntrusted(outdir, join(folder, "to"));
  const written = readFileSync(join(folder, "to", "stacks", "prod-lake", "cdk.tf.json"), "utf8");
  expect(written).not.toContain("http");
  expect(written).toContain('"n":9007199254740993');
});

test.each(["../../elsewhere", "/tmp"])("a stack with the folder %s is rejected", (workingDirectory) => {
  const outdir = synthesis("prod-lake", harmless, workingDirectory);
  expect(() => {
    copyUntrusted(outdir, join(folder, "to"));
  }).toThrow();
});

test("a stack whose name is a path is rejected", () => {
  expect(() => {
    copyUntrusted(synthesis("..", harmless, "stacks/.."), join(folder, "to"));
  }).toThrow('".." is not a valid stack name');
});
