import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isRecord } from "../base/types";
import { stringify } from "../json";
import { blocksOf, type StackFolder, stackFolders } from "../../terraform/stack-folder";
import { parseJson } from "../plan/parse-json";

/**
 * Copies a synthesized app that untrusted code wrote. Only the validated JSON of each stack is copied; other files,
 * which Terraform would also read, are not.
 *
 * @throws Error with all findings that make it unsafe to plan
 */
export function copyUntrusted(from: string, to: string): void {
  const stacks = stackFolders(from, parseJson);
  const misnamed = stacks.filter(({ name }) => !/^[A-Za-z0-9][\w-]*$/.test(name));
  const dangers = [
    ...misnamed.map(({ name }) => `"${name}" is not a valid stack name`),
    ...stacks.flatMap(dangersIn),
  ];
  if (dangers.length > 0) {
    const list = [...new Set(dangers)].map((danger) => `  - ${danger}`).join("\n");
    throw new Error(`the synthesized stacks are not safe to plan:\n${list}`);
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
 * Returns everything in a stack of untrusted code that is unsafe to plan, because it would run programs, read local
 * files, call other servers, or send them a token. The lists below contain what is allowed.
 *
 * @returns one sentence per finding
 */
export function dangersIn({ name, configuration }: StackFolder): string[] {
  const { terraform, provider, data } = configuration;
  const found = [
    ...others(configuration, topLevel, "has"),
    ...others(terraform, ["backend", "required_providers", "required_version"], "sets terraform."),
    ...backendDangers(terraform.backend ?? {}),
    ...Object.values(terraform.required_providers).flatMap(({ source }) =>
      sources.includes(source) ? [] : [`requires the provider ${source}`],
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

/** Removes empty sections, which Terraform rejects. */
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
/** Arguments without credentials, endpoints and files. */
const providerArguments = [
  ...["project", "region", "zone", "alias", "default_labels", "default_tags", "billing_project"],
  ...["user_project_override", "add_terraform_attribution_label", "request_timeout", "request_reason"],
  ...["allowed_account_ids", "forbidden_account_ids"],
];
/** Data sources that only compute. */
const dataSources = ["aws_iam_policy_document", "google_iam_policy", "google_project"];
/** Arguments that run programs or read files. */
const forbidden = ["provisioner", "connection", "source", "filename"];

function backendDangers(backend: Readonly<Record<string, object>>): string[] {
  return Object.entries(backend).flatMap(([type, settings]) =>
    type === "gcs"
      ? others(settings, ["bucket", "prefix"], "sets terraform.backend.gcs.")
      : [`uses the backend ${type}`],
  );
}

function others(block: object, known: readonly string[], text: string): string[] {
  const separator = text.endsWith(".") ? "" : " ";
  return Object.keys(block)
    .filter((key) => !known.includes(key))
    .map((key) => `${text}${separator}${key}`);
}

/** Calls of functions that read files, in all evaluated strings. */
function functionsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(functionsIn);
  // Keys are also evaluated.
  if (isRecord(value)) return Object.entries(value).flat().flatMap(functionsIn);
  if (typeof value !== "string") return [];
  // `$${` and `%%{` are escaped.
  const evaluated = value.replaceAll("$${", "").replaceAll("%%{", "");
  if (!/[$%]\{/.test(evaluated)) return [];
  return [...evaluated.matchAll(/\b(file\w*|templatefile|pathexpand)\s*\(/g)].map(([, name]) => `${name}()`);
}
