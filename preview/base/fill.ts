import { computedValue, storedValue } from "./computed";
import type { Attribute, Attributes, Block, Type } from "./schema";
import { asType, elementOf, encode, isRecord, kindOf, member, zero } from "./types";

/** The resource of the values. */
export interface Owner {
  readonly type: string;
  /** Used in placeholders. */
  readonly name: string;
  /** Values that the plan contains. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Value of an attribute that refers to another resource. @default - none */
  readonly referenced?: (attribute: string) => unknown;
}

/** How a provider stores unset values. This is not part of its schema, so all variants are tried. */
export interface Manner {
  /** Replacement for null inside nested blocks. The SDK of most providers stores zero values. */
  readonly nestedNulls: "zero" | "null";
  /** Placeholder for an unknown number. */
  readonly unknownNumber: 0 | 1;
  /** Placeholder for an unknown boolean. */
  readonly unknownBool: boolean;
}

/** Most likely first. */
export const manners: readonly [Manner, ...Manner[]] = [
  { nestedNulls: "zero", unknownNumber: 1, unknownBool: false },
  { nestedNulls: "zero", unknownNumber: 0, unknownBool: false },
  { nestedNulls: "null", unknownNumber: 1, unknownBool: false },
  { nestedNulls: "null", unknownNumber: 0, unknownBool: false },
  { nestedNulls: "zero", unknownNumber: 1, unknownBool: true },
  { nestedNulls: "null", unknownNumber: 1, unknownBool: true },
];

/**
 * Returns the attributes of a resource for a state: the known values of the plan, and placeholders of the correct type
 * for values that are known only after the apply.
 *
 * @param values planned values; unknown values are missing
 * @param unknown `after_unknown` of the plan
 */
export function fill(
  values: unknown,
  unknown: unknown,
  block: Block,
  owner: Owner,
  manner: Manner,
): Record<string, unknown> {
  return fillBlock(values, unknown, block, { owner, manner, nested: false });
}

interface Context {
  readonly owner: Owner;
  readonly manner: Manner;
  readonly nested: boolean;
}

function fillBlock(
  values: unknown,
  unknown: unknown,
  block: Block,
  context: Context,
): Record<string, unknown> {
  const inside = { ...context, nested: true };
  return {
    ...fillAttributes(values, unknown, block.attributes, context),
    ...Object.fromEntries(
      Object.entries(block.block_types).map(([name, { nesting_mode: mode, block: nested }]) => [
        name,
        fillBlocks(member(values, name), member(unknown, name), mode, (value, missing) =>
          fillBlock(value, missing, nested, inside),
        ),
      ]),
    ),
  };
}

type FillOne = (value: unknown, unknown: unknown) => unknown;

/** Blocks, or objects nested in an attribute, in one of Terraform's modes. */
function fillBlocks(value: unknown, unknown: unknown, mode: string, fillOne: FillOne): unknown {
  switch (mode) {
    case "list":
    case "set":
      return Array.isArray(value) ? value.map((one, index) => fillOne(one, member(unknown, index))) : [];
    case "map":
      return isRecord(value)
        ? Object.fromEntries(
            Object.entries(value).map(([key, one]) => [key, fillOne(one, member(unknown, key))]),
          )
        : {};
    default:
      // "single" and "group"
      return isRecord(value) ? fillOne(value, unknown) : null;
  }
}

function fillAttributes(
  values: unknown,
  unknown: unknown,
  attributes: Attributes,
  context: Context,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => [
      name,
      fillAttribute(name, member(values, name), member(unknown, name), attribute, context),
    ]),
  );
}

function fillAttribute(
  name: string,
  value: unknown,
  unknown: unknown,
  { type, nested_type: nested }: Attribute,
  context: Context,
): unknown {
  if (nested !== undefined) {
    if (unknown === true || value === undefined || value === null) return null;
    const { attributes, nesting_mode: mode } = nested;
    return fillBlocks(value, unknown, mode, (one, missing) =>
      fillAttributes(one, missing, attributes, { ...context, nested: true }),
    );
  }
  const known: Type = type ?? "dynamic";
  const stored = context.nested ? undefined : storedValue(context.owner.type, name, context.owner.values);
  if (stored !== undefined) return encode(known, stored);
  if (unknown === true)
    return encode(
      known,
      (context.nested ? undefined : asType(known, context.owner.referenced?.(name))) ??
        invent(name, known, context.owner, context.manner),
    );
  if (value === undefined || value === null)
    return context.nested && context.manner.nestedNulls === "zero" ? zero(known) : null;
  return encode(known, fillValue(name, value, unknown, known, context));
}

/** Fills unknown parts of a value: a missing key of a map, a null in a list. */
function fillValue(name: string, value: unknown, unknown: unknown, type: Type, context: Context): unknown {
  if (Array.isArray(value))
    return value.map((one: unknown, index) => {
      const missing = member(unknown, index);
      const inner = elementOf(type, index);
      return missing === true
        ? invent(name, inner, context.owner, context.manner)
        : fillValue(name, one, missing, inner, context);
    });
  if (!isRecord(value)) return value;
  const missing = isRecord(unknown) ? Object.keys(unknown).filter((key) => !(key in value)) : [];
  return Object.fromEntries(
    [...Object.keys(value), ...missing].map((key) => {
      const inner = elementOf(type, key);
      return member(unknown, key) === true
        ? [key, invent(key, inner, context.owner, context.manner)]
        : [key, fillValue(key, value[key], member(unknown, key), inner, context)];
    }),
  );
}

/** A placeholder. It is deterministic, because the next plan must not show a change. */
export function invent(
  name: string,
  type: Type,
  { type: resource, name: own, values }: Owner,
  manner: Manner,
): unknown {
  switch (kindOf(type)) {
    case "string":
    case "dynamic": {
      const computed = computedValue(resource, name, values);
      if (computed !== undefined) return computed;
      if (name === "id") return `invented/${resource}/${own}`;
      if (name === "self_link") return `https://www.googleapis.com/invented/${own}`;
      if (name === "arn") return `arn:aws:invented:::${own}`;
      return `${name}-of-${own}`;
    }
    case "number":
      return manner.unknownNumber;
    case "bool":
      return manner.unknownBool;
    default:
      return zero(type);
  }
}
