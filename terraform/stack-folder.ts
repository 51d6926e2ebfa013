import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import * as z from "zod/mini";

/** A synthesized stack, with the properties that Terraform commands require. */
export interface StackFolder {
  readonly name: string;
  /** Folder with cdk.tf.json. */
  readonly folder: string;
  /** Stacks that must be deployed before this one. */
  readonly dependencies: readonly string[];
  readonly configuration: Configuration;
}

const providerBlock = z.looseObject({ alias: z.optional(z.string()) });
/** cdk.tf.json, with the blocks that Terraform commands depend on. */
export const configuration = z.looseObject({
  terraform: z._default(
    z.looseObject({
      backend: z.optional(z.record(z.string(), z.looseObject({}))),
      required_providers: z._default(
        z.record(z.string(), z.looseObject({ source: z.string(), version: z.optional(z.string()) })),
        {},
      ),
    }),
    { required_providers: {} },
  ),
  provider: z._default(z.record(z.string(), z.union([z.array(providerBlock), providerBlock])), {}),
  resource: z._default(z.record(z.string(), z.record(z.string(), z.looseObject({}))), {}),
  data: z._default(z.record(z.string(), z.record(z.string(), z.looseObject({}))), {}),
});
export type Configuration = z.infer<typeof configuration>;

/** The blocks of a provider, one per alias. */
export function blocksOf(
  { provider }: Configuration,
  name: string,
): readonly z.infer<typeof providerBlock>[] {
  const blocks = provider[name] ?? [];
  return Array.isArray(blocks) ? blocks : [blocks];
}

const manifest = z.object({
  stacks: z.record(
    z.string(),
    z.object({ name: z.string(), workingDirectory: z.string(), dependencies: z.array(z.string()) }),
  ),
});

/** Reads JSON: `JSON.parse`, or what keeps the digits of long numbers. */
type Parse = (text: string) => unknown;

/**
 * Returns the stacks of a synthesized app, each after its dependencies.
 *
 * @throws Error if the folder does not contain a complete synthesized app
 */
export function stackFolders(outdir: string, parse: Parse = JSON.parse): StackFolder[] {
  const file = join(outdir, "manifest.json");
  // cdktf writes the manifest last, so a failed synthesis has none.
  if (!existsSync(file))
    throw new Error(`${outdir} does not contain a complete synthesized app: manifest.json is missing`);
  const { stacks } = read(file, manifest, parse);
  const folders = Object.values(stacks).map(({ name, workingDirectory, dependencies }) => {
    const folder = join(outdir, workingDirectory);
    if (relative(outdir, folder).startsWith(".."))
      throw new Error(`${file}: the folder of ${name} is outside the app: ${workingDirectory}`);
    return {
      name,
      folder,
      dependencies,
      configuration: read(join(folder, "cdk.tf.json"), configuration, parse),
    };
  });
  return inOrder(folders);
}

/** Orders stacks after their dependencies, otherwise in the given order. */
export function inOrder<Stack extends { readonly name: string; readonly dependencies: readonly string[] }>(
  stacks: readonly Stack[],
): Stack[] {
  const byName = new Map(stacks.map((stack) => [stack.name, stack]));
  const ordered = new Set<Stack>();
  const add = (stack: Stack, above: readonly string[]) => {
    if (above.includes(stack.name))
      throw new Error(`stacks have a circular dependency: ${[...above, stack.name].join(" -> ")}`);
    for (const name of stack.dependencies) {
      const dependency = byName.get(name);
      if (dependency !== undefined) add(dependency, [...above, stack.name]);
    }
    ordered.add(stack);
  };
  for (const stack of stacks) add(stack, []);
  return [...ordered];
}

function read<Schema extends z.ZodMiniType>(file: string, schema: Schema, parse: Parse): z.infer<Schema> {
  let json: unknown;
  try {
    json = parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const result = schema.safeParse(json);
  if (!result.success) throw new Error(`${file} is not valid: ${z.prettifyError(result.error)}`);
  return result.data;
}
