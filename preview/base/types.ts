import { WrittenNumber } from "../json";
import type { Type } from "./schema";

/** The type of a literal in Terraform. */
export function typeOf(value: unknown): Type {
  if (typeof value === "string") return "string";
  if (typeof value === "number" || value instanceof WrittenNumber) return "number";
  if (typeof value === "boolean") return "bool";
  if (Array.isArray(value)) return ["tuple", value.map(typeOf)];
  if (isRecord(value))
    return ["object", Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, typeOf(inner)]))];
  return "dynamic";
}

/** The first part of a type: `list`, `object`, `string`. */
export function kindOf(type: Type): string {
  return typeof type === "string" ? type : String(type[0]);
}

/** The type of a member of a value of this type. */
export function elementOf(type: Type, key: string | number): Type {
  if (typeof type === "string") return "dynamic";
  const inner = type[0] === "object" || type[0] === "tuple" ? member(type[1], key) : type[1];
  return typeof inner === "string" || Array.isArray(inner) ? inner : "dynamic";
}

/** What the SDK of most providers stores for an unset value. */
export function zero(type: Type): unknown {
  switch (kindOf(type)) {
    case "string":
      return "";
    case "number":
      return 0;
    case "bool":
      return false;
    case "list":
    case "set":
    case "tuple":
      return [];
    case "map":
      return {};
    default:
      return null;
  }
}

/** Converts the value of a reference to the type: in a list, it is the only element. @returns undefined if it does not fit */
export function asType(type: Type, value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  switch (kindOf(type)) {
    case "list":
    case "set":
      return Array.isArray(value) ? value : [value];
    case "tuple":
      return Array.isArray(value) ? value : undefined;
    case "map":
    case "object":
      return isRecord(value) ? value : undefined;
    case "dynamic":
      return value;
    default:
      return Array.isArray(value) || isRecord(value) ? undefined : value;
  }
}

/** Encodes a value for a state file, which contains the type of dynamic values. */
export function encode(type: Type, value: unknown): unknown {
  return type === "dynamic" && value !== null ? { value, type: typeOf(value) } : value;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof WrittenNumber)
  );
}

/** A member of an object or list; undefined if the value is neither. */
export function member(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) return typeof key === "number" ? (value[key] as unknown) : undefined;
  return isRecord(value) ? value[key] : undefined;
}
