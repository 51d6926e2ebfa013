import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isRecord } from "../base/fill";
import { stringify } from "../json";
import { blocksOf, type StackFolder, stackFolders } from "../../terraform/stack-folder";
import { parseJson } from "../plan/parse-json";

/**
 * Copies a synthesis that somebody else's code wrote, for Terraform to work on: of each stack just the JSON that was
 * read and looked at, under a name of its own. Other files of the folder, which Terraform would read too, stay behind.
 *
 * @throws Error listing everything for which it must not be planned
 */
export function copyUntrusted(from: string, to: string): void {
  const stacks = stackFolders(from, parseJson);
  const misnamed = stacks.filter(({ name }) => !/^[A-Za-z0-9][\w-]*$/.test(name));
  const dangers = [
    ...misnamed.map(({ name }) => `"${name}" is not a valid name of a stack`),
    ...stacks.flatMap(dangersIn),
  ];
  if (dangers.length > 0) {
    const list = [...new Set(dangers)].map((danger) => `  - ${danger}`).join("\n");
    throw new Error(`what was synthesized elsewhere is not planned:\n${list}`);
  }
  for (const { name, configuration } of stacks) {
    mkdirSync(join(to, "stacks", name), { recursive: true });
    writeFileSync(join(to, "stacks", name, "cdk.tf.json"), stringify(withoutEmpty(configuration)));
  }
  const manifest: Record<string, object> = {};
  for (const { name, dependencies } of stacks)
    manifest[name] = {
      name,
      constructPath: name,
      workingDirectory: join("stacks", name),
      synthesizedStackPath: join("stacks", name, "cdk.tf.json"),
      dependencies,
    };
  mkdirSync(to, { recursive: true });
  writeFileSync(join(to, "manifest.json"), JSON.stringify({ stacks: manifest }));
}

/**
 * What a synthesis must not hold when somebody else's code wrote it, as that of a pull request did: planning it would
 * run programs, read files of this machine, call strange servers, or hand them a token. What the list does not know is
 * refused.
 *
 * @returns one sentence for each finding; none, where it may be planned
 */
export function dangersIn({ name, configuration }: StackFolder): string[] {
  const { terraform, provider, data } = configuration;
  const found = [
    ...others(configuration, topLevel, "has"),
    ...others(terraform, ["backend", "required_providers", "required_version"], "sets terraform."),
    ...backendDangers(terraform.backend ?? {}),
    ...Object.values(terraform.required_providers).flatMap(({ source }) =>
      sources.includes(source) ? [] : [`asks for the provider ${source}`],
    ),
    ...Object.keys(provider).flatMap((type) =>
      blocksOf(configuration, type).flatMap((block) =>
        others(block, providerArguments, `sets provider.${type}.`),
      ),
    ),
    ...Object.keys(data).flatMap((type) =>
      dataSources.includes(type) ? [] : [`reads the data source ${type}`],
    ),
    ...Object.values(configuration.resource)
      .flatMap((byName) => Object.entries(byName))
      .flatMap(([id, body]) => forbidden.filter((key) => key in body).map((key) => `${id} has ${key}`)),
    ...functionsIn(configuration).map((call) => `calls ${call}`),
  ];
  return found.map((danger) => `${name} ${danger}`);
}

/** Terraform refuses a section without anything in it. */
function withoutEmpty(configuration: StackFolder["configuration"]): object {
  const filled = Object.entries(configuration).filter(
    ([, section]) => !isRecord(section) || Object.keys(section).length > 0,
  );
  return Object.fromEntries(filled);
}

const topLevel = [
  ...["//", "terraform", "provider", "resource", "data", "variable", "locals", "output"],
  ...["moved", "removed", "import"],
];
const sources = [
  ...["google", "hashicorp/google", "google-beta", "hashicorp/google-beta", "aws", "hashicorp/aws"],
  "terraform.io/builtin/terraform",
];
/** None that names a credential, an endpoint or a file. */
const providerArguments = [
  ...["project", "region", "zone", "alias", "default_labels", "default_tags", "billing_project"],
  ...["user_project_override", "add_terraform_attribution_label", "request_timeout", "request_reason"],
  ...["allowed_account_ids", "forbidden_account_ids"],
];
/** They compute, and read nothing. */
const dataSources = ["aws_iam_policy_document", "google_iam_policy", "google_project"];
/** Programs to run, and files to read. */
const forbidden = ["provisioner", "connection", "source", "filename"];

function backendDangers(backend: Readonly<Record<string, object>>): string[] {
  return Object.entries(backend).flatMap(([type, settings]) =>
    type === "gcs"
      ? others(settings, ["bucket", "prefix"], "sets terraform.backend.gcs.")
      : [`keeps its state in the backend ${type}`],
  );
}

function others(block: object, known: readonly string[], text: string): string[] {
  const separator = text.endsWith(".") ? "" : " ";
  return Object.keys(block)
    .filter((key) => !known.includes(key))
    .map((key) => `${text}${separator}${key}`);
}

/** Functions that read files, in whatever is evaluated. */
function functionsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(functionsIn);
  // Keys are evaluated, too.
  if (isRecord(value)) return Object.entries(value).flat().flatMap(functionsIn);
  if (typeof value !== "string") return [];
  // `$${` and `%%{` are text.
  const evaluated = value.replaceAll("$${", "").replaceAll("%%{", "");
  if (!/[$%]\{/.test(evaluated)) return [];
  return [...evaluated.matchAll(/\b(file\w*|templatefile|pathexpand)\s*\(/g)].map(([, name]) => `${name}()`);
}
