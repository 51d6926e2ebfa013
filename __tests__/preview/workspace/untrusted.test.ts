import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stackFolders } from "../../../terraform/stack-folder";
import { copyUntrusted } from "../../../preview/workspace/untrusted";
import { loadCatalog } from "../../../catalog";
import { environments, loadEnvironment } from "../../../config";
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

test("the platform's own stacks may be planned", () => {
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
    "asks for the provider evil/google",
    { terraform: { required_providers: { google: { source: "evil/google" } } } },
  ],
  [
    "asks for the provider hashicorp/external",
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
  [
    "keeps its state in the backend http",
    { terraform: { ...terraform, backend: { http: { address: "x" } } } },
  ],
  [
    "sets terraform.backend.gcs.access_token",
    { terraform: { ...terraform, backend: { gcs: { access_token: "x" } } } },
  ],
])("a stack that %s is refused", (danger, more) => {
  expect(() => {
    copied({ ...harmless, ...more });
  }).toThrow(`what was synthesized elsewhere is not planned:\n  - prod-lake ${danger}`);
  expect(readdirSync(folder)).toEqual(["from"]);
});

test("all findings come in one message", () => {
  expect(() => {
    copied({ ...harmless, data: { http: { x: {} } }, module: { x: {} } });
  }).toThrow(/has module\n.*reads the data source http/);
});

test("what only looks like a call is text", () => {
  copied({ ...harmless, ...bucket({ name: "$${file(x)}", labels: { file: "file(x)" } }) });
});

test("other files of a stack, which Terraform would read too, stay behind", () => {
  const outdir = synthesis("prod-lake", harmless);
  for (const name of ["evil.tf", "terraform.tfvars", ".terraformrc", "z_override.tf.json"])
    writeFileSync(join(outdir, "stacks", "prod-lake", name), "");
  copyUntrusted(outdir, join(folder, "to"));
  expect(readdirSync(join(folder, "to", "stacks", "prod-lake"))).toEqual(["cdk.tf.json"]);
});

test("of a key that is there twice, what was looked at is what Terraform gets", () => {
  const outdir = synthesis("prod-lake", harmless);
  const text = `{"data": {"http": {"x": {}}}, "data": {}, "locals": {"n": 9007199254740993}, ${JSON.stringify(harmless).slice(1)}`;
  writeFileSync(join(outdir, "stacks", "prod-lake", "cdk.tf.json"), text);
  copyUntrusted(outdir, join(folder, "to"));
  const written = readFileSync(join(folder, "to", "stacks", "prod-lake", "cdk.tf.json"), "utf8");
  expect(written).not.toContain("http");
  expect(written).toContain('"n":9007199254740993');
});

test.each(["../../elsewhere", "/tmp"])("a stack whose folder is %s is refused", (workingDirectory) => {
  const outdir = synthesis("prod-lake", harmless, workingDirectory);
  expect(() => {
    copyUntrusted(outdir, join(folder, "to"));
  }).toThrow();
});

test("a stack with the name of a path is refused", () => {
  expect(() => {
    copyUntrusted(synthesis("..", harmless, "stacks/.."), join(folder, "to"));
  }).toThrow('".." is not a valid name of a stack');
});
