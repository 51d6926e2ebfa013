import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, type TerraformStack } from "cdktf";
import { ServiceIdentity } from "../../constructs/service-identity";
import { resources, stackOf } from "../support/stack";
import type { StackJson } from "../../scripts/synthesized";

export const location = "europe-west6";

export const image = `europe-docker.pkg.dev/p/images/ingest@sha256:${"0".repeat(64)}`;

/** IAM's form of `reader`. */
export const member = "serviceAccount:reader@p.iam.gserviceaccount.com";

/** An imported service account. */
export function reader(stack: TerraformStack) {
  return ServiceIdentity.fromEmail(stack, "reader", "reader@p.iam.gserviceaccount.com");
}

/** The only resource of a type in a stack with these constructs. */
export function only(type: string, build: (stack: TerraformStack) => void): unknown {
  const found = resources(stackOf(build), type);
  if (found.length !== 1) throw new Error(`${found.length} resources ${type}`);
  return found[0];
}

/** The addresses of the resources that another waits for, without the hashes of cdktf. */
export function dependsOn(json: StackJson, type: string): string[][] {
  return Object.values(json.resource[type] ?? {}).map((values) =>
    "depends_on" in values && Array.isArray(values.depends_on)
      ? values.depends_on.map((address) => String(address).replace(/_[0-9A-F]{8}$/, ""))
      : [],
  );
}

/** The message of the error that building the stack throws. */
export function refusal(build: (stack: TerraformStack) => void): string {
  try {
    stackOf(build);
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
  throw new Error("building the stack threw no error");
}

/** Stands for any text that matches. */
export function like(form: RegExp): unknown {
  return expect.stringMatching(form);
}

/** Runs with an app that writes to a temporary folder. */
export function withApp<Result>(run: (app: App) => Result): Result {
  const outdir = mkdtempSync(join(tmpdir(), "app-"));
  try {
    return run(new App({ outdir }));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
