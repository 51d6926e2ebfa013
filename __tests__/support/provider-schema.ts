import { join } from "node:path";
import { type Block, type ProviderSchemas, readSchemas } from "../../checks/provider-schema/schema";
import type { StackJson } from "../../scripts/synthesized";

/** The schemas of the resource types that the project uses. `npm run provider-schema` updates them. */
export const providerSchemas: ProviderSchemas = readSchemas(
  join(__dirname, "../fixtures/provider-schema.json"),
);

const types = new Map(Object.values(providerSchemas).flatMap(({ resources }) => Object.entries(resources)));

/** What the providers would reject in the resources of a stack, without asking them. */
export function stackFaults({ resource }: StackJson): string[] {
  return Object.entries(resource).flatMap(([type, byId]) =>
    Object.entries(byId).flatMap(([id, values]) => {
      const schema = types.get(type);
      const where = `${type}.${id}`;
      return schema === undefined
        ? [`${where}: __tests__/fixtures/provider-schema.json has no ${type}: npm run provider-schema`]
        : schemaFaults(where, values, schema);
    }),
  );
}

/** What Terraform itself reads from a resource, whatever its type. */
const metaArguments = ["//", "depends_on", "lifecycle", "provider", "count", "for_each"];

/** Arguments that are missing, unknown, computed, deprecated, or of another type; blocks that are too few or too many. */
export function schemaFaults(
  where: string,
  values: object,
  { attributes = {}, blocks = {} }: Block,
): string[] {
  const set = new Map(Object.entries(values).filter(([name]) => !metaArguments.includes(name)));
  const missing = Object.entries(attributes)
    .filter(([name, attribute]) => attribute.startsWith("required") && !set.has(name))
    .map(([name]) => `${where}.${name} is required`);
  const given = [...set].flatMap(([name, value]) => {
    const here = `${where}.${name}`;
    const nested = blocks[name];
    if (nested !== undefined)
      return [value].flat().flatMap((item, i) => inside(`${here}[${i}]`, item, nested));
    const attribute = attributes[name];
    return attribute === undefined ? [`${here} is unknown`] : attributeFaults(here, value, attribute);
  });
  const counts = Object.entries(blocks).flatMap(([name, { min = 0, max = Infinity }]) => {
    const count = [set.get(name) ?? []].flat().length;
    if (count < min) return [`${where}.${name}: ${count} blocks, at least ${min} are required`];
    return count > max ? [`${where}.${name}: ${count} blocks, at most ${max} are allowed`] : [];
  });
  return [...missing, ...given, ...counts];
}

function inside(where: string, item: unknown, schema: Block): string[] {
  return typeof item === "object" && item !== null
    ? schemaFaults(where, item, schema)
    : [`${where} is not a block`];
}

/** @param attribute `optional list(string)` */
function attributeFaults(where: string, value: unknown, attribute: string): string[] {
  const [use = "", ...rest] = attribute.split(" ");
  if (use === "computed") return [`${where} is computed and cannot be set`];
  const type = rest.at(-1) ?? "";
  return [
    ...(rest.includes("deprecated") ? [`${where} is deprecated`] : []),
    ...(isOfType(value, type) ? [] : [`${where} is not of type ${type}`]),
  ];
}

/** Terraform converts strings, numbers, and booleans into each other. An expression is of any type. */
function isOfType(value: unknown, type: string): boolean {
  if (typeof value === "string" && /(?<!\$)\$\{/.test(value)) return true;
  if (/^(list|set)\b/.test(type)) return Array.isArray(value);
  if (/^(map|object)\b/.test(type))
    return typeof value === "object" && value !== null && !Array.isArray(value);
  if (type === "dynamic") return true;
  return typeof value !== "object";
}
