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
  /** Paths of modules, whose resources are not known here. */
  readonly modules: readonly string[];
  /** Settings of each provider, by its name. */
  readonly providers: Readonly<Record<string, readonly Values[]>>;
}

/** A resource as Terraform gets it; what it takes from a setting of another one of its stack is filled in. */
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
const resourceJson = z.record(z.string(), z.record(z.string(), values));
const stackJson = z.object({
  provider: z._default(z.record(z.string(), z.array(values)), {}),
  resource: z._default(resourceJson, {}),
  module: z._default(z.record(z.string(), values), {}),
});
const notes = z.object({ metadata: z.object({ path: z.string() }) });

function readStack(stack: PlatformStack): StackView {
  const app = App.of(stack);
  const file = join(app.outdir, app.manifest.forStack(stack).synthesizedStackPath);
  const { provider, resource, module } = stackJson.parse(JSON.parse(readFileSync(file, "utf8")));
  const name = stack.node.id;
  return {
    name,
    resources: resourcesOf(name, resource),
    modules: Object.entries(module).map(([id, found]) => pathOf(found) ?? `${name}/${id}`),
    constructs: stack.node
      .findAll()
      .filter((construct) => TerraformResource.isTerraformResource(construct))
      .map((construct) => shown(construct.node.path)),
    providers: provider,
  };
}

/** The resources in a stack's JSON. */
export function resourcesOf(stack: string, resource: z.infer<typeof resourceJson>): Resource[] {
  return Object.entries(resource).flatMap(([type, byId]) =>
    Object.entries(byId).map(([id, found]) => ({
      type,
      path: pathOf(found) ?? `${stack}/${type}.${id}`,
      values: values.parse(filledIn(found, resource)),
    })),
  );
}

/** Path of the construct; there is none behind what an override of the stack wrote. */
function pathOf(found: Values): string | undefined {
  const { data } = notes.safeParse(found["//"]);
  return data && shown(data.metadata.path);
}

/** `${google_storage_bucket.lake_1.name}` anywhere in a text; with a second $ before it, it is no reference. */
const reference = /(?<!\$)\$\{(\w+)\.([\w-]+)\.(\w+)\}/g;

/** The value with references to settings of other resources replaced by what is set there. */
function filledIn(value: unknown, resources: z.infer<typeof resourceJson>): unknown {
  if (typeof value === "string") {
    if (!value.includes("${")) return value;
    return value.replace(reference, (whole, type: string, id: string, attribute: string) => {
      const setting = resources[type]?.[id]?.[attribute];
      return typeof setting === "string" ? setting : whole;
    });
  }
  if (Array.isArray(value)) return value.map((one) => filledIn(one, resources));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filledIn(one, resources)]));
}

/** A construct's only child is called Resource; people know it by its own name. */
function shown(path: string): string {
  return path.replace(/\/Resource$/, "");
}
