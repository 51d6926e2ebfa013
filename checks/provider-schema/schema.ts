import { readFileSync } from "node:fs";
import * as z from "zod/mini";

/** Arguments and blocks of the resource types that the project uses: __tests__/fixtures/provider-schema.json. */
export interface ProviderSchemas {
  /** By the name of the provider: `google`. */
  readonly [provider: string]: {
    readonly version: string;
    /** By type: `google_storage_bucket`. */
    readonly resources: Readonly<Record<string, Block>>;
  };
}

export interface Block {
  /** Use and type: `required string`, `optional list(string)`, `computed number`, `optional deprecated bool`. */
  readonly attributes?: Readonly<Record<string, string>>;
  readonly blocks?: Readonly<Record<string, NestedBlock>>;
}

export interface NestedBlock extends Block {
  /** @default - 0 */
  readonly min?: number;
  /** @default - any number */
  readonly max?: number;
}

const nested: z.ZodMiniType<NestedBlock> = z.object({
  min: z.optional(z.number()),
  max: z.optional(z.number()),
  attributes: z.optional(z.record(z.string(), z.string())),
  blocks: z.optional(
    z.record(
      z.string(),
      z.lazy(() => nested),
    ),
  ),
});
const schemas = z.record(
  z.string(),
  z.object({ version: z.string(), resources: z.record(z.string(), nested) }),
);

/** Reads the file. @throws ZodError when it is not valid */
export function readSchemas(file: string): ProviderSchemas {
  return schemas.parse(JSON.parse(readFileSync(file, "utf8")));
}

const attribute = z.object({
  type: z.optional(z.unknown()),
  required: z.optional(z.boolean()),
  optional: z.optional(z.boolean()),
  deprecated: z.optional(z.boolean()),
});
const block = z.object({
  attributes: z._default(z.record(z.string(), attribute), {}),
  get block_types() {
    return z._default(
      z.record(
        z.string(),
        z.object({
          nesting_mode: z.string(),
          min_items: z._default(z.number(), 0),
          max_items: z._default(z.number(), 0),
          block,
        }),
      ),
      {},
    );
  },
});
type TerraformBlock = z.infer<typeof block>;
const output = z.object({
  provider_schemas: z.record(
    z.string(),
    z.object({ resource_schemas: z._default(z.record(z.string(), z.object({ block: z.unknown() })), {}) }),
  ),
});

/**
 * The schemas of some types of one provider.
 *
 * @param json what `terraform providers schema -json` writes
 * @param source address of the provider: `hashicorp/google`
 * @throws Error when the provider or a type is missing
 */
export function trimmed(
  json: unknown,
  source: string,
  types: readonly string[],
): Readonly<Record<string, Block>> {
  const providers = Object.entries(output.parse(json).provider_schemas);
  const all = providers.find(([address]) => address.endsWith(`/${source}`))?.[1].resource_schemas;
  if (all === undefined) throw new Error(`schemas of ${source} are missing`);
  return Object.fromEntries(
    [...types].sort().map((type) => {
      const found = all[type];
      if (found === undefined) throw new Error(`${source} has no resource type ${type}`);
      return [type, shortBlock(block.parse(found.block))];
    }),
  );
}

function shortBlock({ attributes, block_types: blocks }: TerraformBlock): Block {
  const names = Object.keys(attributes).sort();
  const nested = Object.keys(blocks).sort();
  return {
    ...(names.length > 0 && {
      attributes: Object.fromEntries(names.map((name) => [name, shortAttribute(attributes[name] ?? {})])),
    }),
    ...(nested.length > 0 && {
      blocks: Object.fromEntries(nested.flatMap((name) => nestedBlock(name, blocks[name]))),
    }),
  };
}

function nestedBlock(
  name: string,
  found: TerraformBlock["block_types"][string] | undefined,
): [string, NestedBlock][] {
  if (found === undefined) return [];
  const max = found.nesting_mode === "single" ? 1 : found.max_items;
  const counts = { ...(found.min_items > 0 && { min: found.min_items }), ...(max > 0 && { max }) };
  return [[name, { ...counts, ...shortBlock(found.block) }]];
}

function shortAttribute({ type, required, optional, deprecated }: z.infer<typeof attribute>): string {
  const use = required === true ? "required" : optional === true ? "optional" : "computed";
  return [use, ...(deprecated === true ? ["deprecated"] : []), typeText(type)].join(" ");
}

/** Terraform writes `["list", "string"]` for `list(string)`. */
function typeText(type: unknown): string {
  if (typeof type === "string") return type;
  const parts: unknown[] = Array.isArray(type) ? type : ["dynamic"];
  const [collection, element] = parts;
  if (collection === "object" || element === undefined) return String(collection);
  return `${String(collection)}(${typeText(element)})`;
}
