import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import * as z from "zod/mini";
import type { Environment } from "../config";
import { addPlatform, type PlatformProps } from "../stacks";
import type { TableShape } from "../guardrails";
import { tablesOf } from "../guardrails/rules/schema-evolution";
import { resourcesOf } from "../guardrails/synthesis";
import { Names } from "../stacks/naming";
import { lockId } from "../stacks/schema-lock";

/** The part of a stack's Terraform JSON that this project reads. */
const stackJson = z.looseObject({
  resource: z._default(z.record(z.string(), z.record(z.string(), z.looseObject({}))), {}),
});
export type StackJson = z.infer<typeof stackJson>;

/** Reads the synthesized stacks from a folder, by name. */
export function readStacks(outdir: string): Map<string, StackJson> {
  const stacks = join(outdir, "stacks");
  return new Map(
    readdirSync(stacks)
      .sort()
      .map((name) => [
        name,
        stackJson.parse(JSON.parse(readFileSync(join(stacks, name, "cdk.tf.json"), "utf8"))),
      ]),
  );
}

/** Synthesizes a platform to a folder, and returns its stacks by name. */
export function synthesizeInto(outdir: string, props: PlatformProps): Map<string, StackJson> {
  const app = new App({ outdir });
  addPlatform(app, props);
  app.synth();
  return readStacks(outdir);
}

/** Synthesizes a platform to a temporary folder, and returns its stacks by name. */
export function synthesized(props: PlatformProps): Map<string, StackJson> {
  const outdir = mkdtempSync(join(tmpdir(), "synth-"));
  try {
    return synthesizeInto(outdir, props);
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** The table schemas of an environment, sorted by their id in stacks/schemas.lock.json. */
export function shapesIn(
  environment: Environment,
  stacks: ReadonlyMap<string, StackJson>,
): [string, TableShape][] {
  return [...stacks]
    .flatMap(([name, { resource }]) =>
      tablesOf(resourcesOf(name, resource), (table) => lockId(new Names(environment), table)),
    )
    .map(({ id, shape }): [string, TableShape] => [id, shape])
    .sort(([one], [other]) => (one < other ? -1 : 1));
}
