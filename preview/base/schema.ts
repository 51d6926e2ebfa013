import * as z from "zod/mini";

/** A type in Terraform's notation: `"string"`, `["list", "string"]`, `["object", {name: "string"}]`. */
export type Type = string | readonly unknown[];

export interface Attribute {
  readonly type?: Type | undefined;
  readonly nested_type?: { readonly nesting_mode: string; readonly attributes: Attributes } | undefined;
}
export type Attributes = Readonly<Record<string, Attribute>>;

export interface Block {
  readonly attributes: Attributes;
  readonly block_types: Readonly<Record<string, { readonly nesting_mode: string; readonly block: Block }>>;
}

/** Schemas by provider and resource type. */
export type Schemas = (provider: string, type: string) => Block | undefined;

const attributes: z.ZodMiniType<Attributes> = z.record(
  z.string(),
  z.looseObject({
    type: z.optional(z.union([z.string(), z.array(z.unknown())])),
    nested_type: z.optional(
      z.looseObject({ nesting_mode: z.string(), attributes: z.lazy(() => z._default(attributes, {})) }),
    ),
  }),
);
const block: z.ZodMiniType<Block> = z.looseObject({
  attributes: z._default(attributes, {}),
  block_types: z._default(
    z.record(z.string(), z.looseObject({ nesting_mode: z.string(), block: z.lazy(() => block) })),
    {},
  ),
});
const schemas = z.looseObject({
  provider_schemas: z._default(
    z.record(
      z.string(),
      z.looseObject({
        resource_schemas: z._default(z.record(z.string(), z.looseObject({ block: z.unknown() })), {}),
      }),
    ),
    {},
  ),
});

/** @param json output of `terraform providers schema -json`; only requested types are validated */
export function readSchemas(json: string): Schemas {
  const { provider_schemas: providers } = schemas.parse(JSON.parse(json));
  return (provider, type) => {
    const found = providers[provider]?.resource_schemas[type];
    return found === undefined ? undefined : block.parse(found.block);
  };
}
