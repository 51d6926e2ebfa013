import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Manifest, TerraformResource, type TerraformStack } from "cdktf";
import * as z from "zod/mini";

/** What the rules check: stacks as they were synthesized, all of them together. */
export interface Synthesis {
  readonly stacks: readonly StackView[];
  /** The resources of all stacks. */
  readonly resources: readonly Resource[];
}

/** One synthesized stack. */
export interface StackView {
  /** Path of the stack in its app: `dev-lake`. */
  readonly name: string;
  readonly resources: readonly Resource[];
  /** Paths of all resource constructs, whether or not they are in the JSON. */
  readonly constructs: readonly string[];
  /** Paths of the modules. Their resources are not known before Terraform runs. */
  readonly modules: readonly string[];
  /** Settings of each provider, by its name. */
  readonly providers: Readonly<Record<string, readonly Values[]>>;
  /** Settings of the backend that keeps the state, by its type: `gcs`. */
  readonly backends: Readonly<Record<string, Values>>;
}

/** A resource as Terraform reads it. A reference to an argument of a resource of its stack is resolved. */
export interface Resource {
  readonly type: string;
  /** Path of the construct that created it: `dev-lake/lake`. */
  readonly path: string;
  readonly values: Values;
}

export type Values = Readonly<Record<string, unknown>>;

const values = z.record(z.string(), z.unknown());
const resourceJson = z.record(z.string(), z.record(z.string(), values));
const stackJson = z.object({
  provider: z._default(z.record(z.string(), z.array(values)), {}),
  resource: z._default(resourceJson, {}),
  module: z._default(z.record(z.string(), values), {}),
  terraform: z._default(z.object({ backend: z._default(z.record(z.string(), values), {}) }), { backend: {} }),
});
const notes = z.object({ metadata: z.object({ path: z.string() }) });

/** Reads what the stacks were synthesized to in a folder. */
export function readSynthesis(
  stacks: readonly TerraformStack[],
  { outdir, manifest }: { readonly outdir: string; readonly manifest: Manifest },
): Synthesis {
  const views = stacks.map((stack) =>
    readStack(stack, join(outdir, manifest.forStack(stack).synthesizedStackPath)),
  );
  return { stacks: views, resources: views.flatMap(({ resources }) => resources) };
}

function readStack(stack: TerraformStack, file: string): StackView {
  // With SYNTH_HCL_OUTPUT the file is HCL.
  const json: unknown = file.endsWith(".json") ? JSON.parse(readFileSync(file, "utf8")) : stack.toTerraform();
  const { provider, resource, module, terraform } = stackJson.parse(json);
  const name = stack.node.path;
  return {
    name,
    resources: resourcesOf(name, resource),
    modules: Object.entries(module).map(([id, found]) => pathOf(found) ?? `${name}/${id}`),
    constructs: stack.node
      .findAll()
      .filter((construct) => TerraformResource.isTerraformResource(construct))
      .map((construct) => shown(construct.node.path)),
    providers: provider,
    backends: terraform.backend,
  };
}

/** The resources in the JSON of a stack. */
export function resourcesOf(stack: string, resource: z.infer<typeof resourceJson>): Resource[] {
  return Object.entries(resource).flatMap(([type, byId]) =>
    Object.entries(byId).map(([id, found]) => ({
      type,
      path: pathOf(found) ?? `${stack}/${type}.${id}`,
      values: values.parse(resolved(found, resource)),
    })),
  );
}

/** Path of the construct, or undefined for what an override of the stack wrote. */
function pathOf(found: Values): string | undefined {
  const { data } = notes.safeParse(found["//"]);
  return data && shown(data.metadata.path);
}

/** `${google_storage_bucket.lake_1.name}` anywhere in a string. `$${` is an escape, not a reference. */
const reference = /(?<!\$)\$\{(\w+)\.([\w-]+)\.(\w+)\}/g;

/** The value with each reference to an argument of another resource replaced by the argument's value. */
function resolved(value: unknown, resources: z.infer<typeof resourceJson>): unknown {
  if (typeof value === "string") {
    if (!value.includes("${")) return value;
    return value.replace(reference, (whole, type: string, id: string, attribute: string) => {
      const setting = resources[type]?.[id]?.[attribute];
      return typeof setting === "string" ? setting : whole;
    });
  }
  if (Array.isArray(value)) return value.map((one) => resolved(one, resources));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, resolved(one, resources)]));
}

/** The only child of a construct is called `Resource`. Users know the construct by its own name. */
function shown(path: string): string {
  return path.replace(/\/Resource$/, "");
}
