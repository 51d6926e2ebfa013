import type * as z from "zod/mini";
import { withoutSecrets } from "./one-line";
import { suggestion } from "./near";

/**
 * A fault that a zod schema found, as a sentence that follows the field: what was found, what it must be, and the name that
 * was probably meant.
 *
 * @param value the value that was checked
 * @param schema the schema that it was checked with
 */
export function issueText(issue: z.core.$ZodIssue, value: unknown, schema: z.core.$ZodType): string {
  const found = at(value, issue.path);
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = keysOf(schemasAt([schema], issue.path));
      return `has unknown fields: ${issue.keys.map((key) => `${key}${hint(key, known)}`).join(", ")}`;
    }
    case "invalid_key":
      return `the name ${issue.issues.map(({ message }) => message).join(", ")}`;
    case "invalid_value":
      return found === undefined
        ? `is missing; must be one of ${issue.values.map(String).join(", ")}`
        : `${shown(found)} must be one of ${issue.values.map(String).join(", ")}${suggestion(shown(found), issue.values.map(String))}`;
    case "invalid_type":
      return found === undefined
        ? `is missing (${issue.expected})`
        : `${shown(found)} must be ${kinds[issue.expected] ?? issue.expected}`;
    case "invalid_union":
      return unionText(issue, found, schema);
    default:
      return found === undefined ? "is missing" : `${shown(found)} ${issue.message}`;
  }
}

const kinds: Readonly<Record<string, string>> = {
  array: "an array",
  boolean: "true or false",
  int: "an integer",
  number: "a number",
  object: "an object",
  record: "an object",
  string: "a string",
};

/** What was found, in one line of at most 60 characters. */
function shown(value: unknown): string {
  if (typeof value === "function" || typeof value === "symbol") return `a ${typeof value}`;
  const text = withoutSecrets(JSON.stringify(value));
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function hint(key: string, known: readonly string[]): string {
  const text = suggestion(key, known).replace(/^; /, "");
  return text === "" ? "" : ` (${text})`;
}

/** Why a value is none of several kinds: what distinguishes them, or what each of them must be. */
function unionText(issue: z.core.$ZodIssueInvalidUnion, found: unknown, schema: z.core.$ZodType): string {
  if (found === undefined) return "is missing";
  const { discriminator } = issue;
  const wanted =
    discriminator === undefined
      ? issue.errors.flatMap((issues) => issues.map(optionText))
      : schemasAt([schema], issue.path).flatMap(literals);
  if (discriminator === undefined) return `${shown(found)} must be ${[...new Set(wanted)].join(", or ")}`;
  return `${shown(found)} must be one of ${wanted.join(", ")}${suggestion(shown(found), wanted)}`;
}

/** The values of a literal. */
function literals({ _zod: { def } }: z.core.$ZodType): string[] {
  return "values" in def && Array.isArray(def.values) ? def.values.map(String) : [];
}

function optionText(issue: z.core.$ZodIssue): string {
  const field = issue.path.length > 0 ? `an object whose ${issue.path.join(".")} is ` : "";
  switch (issue.code) {
    case "invalid_type":
      return `${field}${kinds[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `${field}${issue.values.map(String).join(" or ")}`;
    case "invalid_format":
      return `${field}a text such as ${issue.format === "template_literal" ? '"1%"' : issue.format}`;
    default:
      return `${field}${issue.message}`;
  }
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}

/** The schemas of the part at a path. There are several where a value can be of several kinds. */
function schemasAt(
  schemas: readonly z.core.$ZodType[],
  path: readonly PropertyKey[],
): readonly z.core.$ZodType[] {
  const [key, ...rest] = path;
  const bare = schemas.flatMap(unwrapped);
  if (key === undefined) return bare;
  return schemasAt(
    bare.flatMap((schema) => partsOf(schema, key)),
    rest,
  );
}

/** What can be checked by name: without `optional`, and the options of a union. */
function unwrapped(schema: z.core.$ZodType): z.core.$ZodType[] {
  const { def } = schema._zod;
  if ("innerType" in def && isSchema(def.innerType)) return unwrapped(def.innerType);
  if ("options" in def && Array.isArray(def.options)) return def.options.filter(isSchema).flatMap(unwrapped);
  return [schema];
}

function partsOf(schema: z.core.$ZodType, key: PropertyKey): z.core.$ZodType[] {
  const { def } = schema._zod;
  if ("element" in def && isSchema(def.element)) return [def.element];
  if ("valueType" in def && isSchema(def.valueType)) return [def.valueType];
  if ("shape" in def && typeof def.shape === "object" && def.shape !== null) {
    const part: unknown = Reflect.get(def.shape, key);
    return isSchema(part) ? [part] : [];
  }
  return [];
}

function keysOf(schemas: readonly z.core.$ZodType[]): string[] {
  return schemas.flatMap(({ _zod: { def } }) =>
    "shape" in def && typeof def.shape === "object" && def.shape !== null ? Object.keys(def.shape) : [],
  );
}

function isSchema(value: unknown): value is z.core.$ZodType {
  return typeof value === "object" && value !== null && "_zod" in value;
}
