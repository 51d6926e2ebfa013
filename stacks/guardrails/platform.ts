import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App, TerraformResource } from "cdktf";
import * as z from "zod/mini";
import type { Environment } from "../../config";
import type { PlatformStack } from "../platform-stack";

/** What the rules look at: an environment as it was synthesized, all its stacks at once. */
export interface Platform {
  readonly environment: Environment;
  readonly stacks: readonly StackView[];
  /** The resources of all stacks. */
  readonly resources: readonly Resource[];
}

export interface StackView {
  readonly name: string;
  readonly resources: readonly Resource[];
  /** Paths of all resource constructs, emitted or not. */
  readonly constructs: readonly string[];
  /** Settings of each provider, by its name. */
  readonly providers: Readonly<Record<string, readonly Values[]>>;
}

/** A resource as Terraform gets it. */
export interface Resource {
  readonly type: string;
  /** Path of the construct it comes from: `dev-lake/lake`. */
  readonly path: string;
  readonly values: Values;
}

export type Values = Readonly<Record<string, unknown>>;

/** A rule that is broken: where, what was found, and what to do. */
export interface Finding {
  readonly path: string;
  readonly found: string;
  readonly fix: string;
}

export type Rule = (platform: Platform) => readonly Finding[];

/** Reads what the stacks were written as. */
export function readPlatform(environment: Environment, stacks: readonly PlatformStack[]): Platform {
  const views = stacks.map(readStack);
  return { environment, stacks: views, resources: views.flatMap(({ resources }) => resources) };
}

const values = z.record(z.string(), z.unknown());
const stackJson = z.object({
  provider: z._default(z.record(z.string(), z.array(values)), {}),
  resource: z._default(z.record(z.string(), z.record(z.string(), values)), {}),
});
const notes = z.object({ metadata: z.object({ path: z.string() }) });

function readStack(stack: PlatformStack): StackView {
  const app = App.of(stack);
  const file = join(app.outdir, app.manifest.forStack(stack).synthesizedStackPath);
  const { provider, resource } = stackJson.parse(JSON.parse(readFileSync(file, "utf8")));
  return {
    name: stack.node.id,
    resources: Object.entries(resource).flatMap(([type, byId]) =>
      Object.values(byId).map((found) => ({ type, path: pathOf(found), values: found })),
    ),
    constructs: stack.node
      .findAll()
      .filter((construct) => TerraformResource.isTerraformResource(construct))
      .map((construct) => shown(construct.node.path)),
    providers: provider,
  };
}

function pathOf(found: Values): string {
  return shown(notes.parse(found["//"]).metadata.path);
}

/** A construct's only child is called Resource; people know it by its own name. */
function shown(path: string): string {
  return path.replace(/\/Resource$/, "");
}
