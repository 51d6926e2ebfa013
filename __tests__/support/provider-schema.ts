import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import * as z from "zod/mini";
import type { StackJson } from "../../scripts/synthesized";

const attribute = z.looseObject({
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
          min_items: z.optional(z.number()),
          max_items: z.optional(z.number()),
          block,
        }),
      ),
      {},
    );
  },
});
type Block = z.infer<typeof block>;
/** Of the hundreds of types only those that are asked for are looked at closely. */
const resources = z.record(z.string(), z.object({ block: z.unknown() }));
const file = z.object({ google: z.object({ resources }), aws: z.object({ resources }) });

const path = join(__dirname, "../../../shared/data/provider-schema.json.gz");

/** Why nothing can be checked, or undefined. */
export const missingSchemas = existsSync(path)
  ? undefined
  : "there is no ../shared/data/provider-schema.json.gz";

/** What the providers would say of the resources of a stack; nothing where there are no schemas. */
export function stackFaults({ resource }: StackJson): string[] {
  if (missingSchemas !== undefined) return [];
  return Object.entries(resource).flatMap(([type, byId]) =>
    Object.entries(byId).flatMap(([id, values]) => {
      const schema = schemaOf(type);
      const where = `${type}.${id}`;
      return schema === undefined
        ? [`${where}: no schema of this type`]
        : schemaFaults(where, values, schema);
    }),
  );
}

let types: z.infer<typeof resources> | undefined;
const blocks = new Map<string, Block>();

/** What a resource of this type may hold, or undefined when the type is not known. */
export function schemaOf(type: string): Block | undefined {
  types ??= readTypes();
  const found = blocks.get(type) ?? (types[type] && block.parse(types[type].block));
  if (found !== undefined) blocks.set(type, found);
  return found;
}

function readTypes(): z.infer<typeof resources> {
  const { google, aws } = file.parse(JSON.parse(gunzipSync(readFileSync(path)).toString()));
  return { ...google.resources, ...aws.resources };
}

/** What Terraform itself reads from a resource, whatever its type. */
const metaArguments = ["//", "depends_on", "lifecycle", "provider", "count", "for_each"];

/** What the file leaves out: it was cut down by dropping everything called `description`, attributes too. */
const unlisted = ["description", "timeouts"];

/** What a provider would say of the values of a block: missing, unknown, computed, deprecated, too many, too few. */
export function schemaFaults(where: string, values: object, schema: Block): string[] {
  const set = new Map(Object.entries(values).filter(([name]) => !metaArguments.includes(name)));
  const required = Object.entries(schema.attributes)
    .filter(([name, { required }]) => required && !set.has(name))
    .map(([name]) => `${where}.${name} is required`);
  const given = [...set].flatMap(([name, value]) => {
    const here = `${where}.${name}`;
    const nested = schema.block_types[name];
    if (nested !== undefined)
      return [value].flat().flatMap((item, i) => inside(`${here}[${i}]`, item, nested.block));
    const found = schema.attributes[name];
    if (found === undefined) return unlisted.includes(name) ? [] : [`${here} is unknown`];
    if (!found.required && !found.optional) return [`${here} is computed, it cannot be set`];
    return found.deprecated ? [`${here} is deprecated`] : [];
  });
  const counts = Object.entries(schema.block_types).flatMap(
    ([name, { min_items: min = 0, max_items: max }]) => {
      const count = [set.get(name) ?? []].flat().length;
      if (count < min) return [`${where}.${name}: ${count} blocks, at least ${min} are needed`];
      return max !== undefined && count > max ? [`${where}.${name}: ${count} blocks, more than ${max}`] : [];
    },
  );
  return [...required, ...given, ...counts];
}

function inside(where: string, item: unknown, schema: Block): string[] {
  return typeof item === "object" && item !== null
    ? schemaFaults(where, item, schema)
    : [`${where} is no block`];
}
