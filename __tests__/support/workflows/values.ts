import type { WorkflowValue as Value } from "../../../constructs/workflow-source";
import { raised } from "./errors";

export type MapValue = { readonly [key: string]: Value };

export function isMap(value: Value | undefined): value is MapValue {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

// The functions below raise the error of https://cloud.google.com/workflows/docs/reference/syntax/error-types: "an
// operation or function is applied to an object of incompatible type".

export function asMap(value: Value | undefined): MapValue {
  if (!isMap(value)) throw raised("TypeError", `${shown(value)} is not a map`);
  return value;
}

export function asList(value: Value | undefined): readonly Value[] {
  if (!isList(value)) throw raised("TypeError", `${shown(value)} is not a list`);
  return value;
}

export function asText(value: Value | undefined): string {
  if (typeof value !== "string") throw raised("TypeError", `${shown(value)} is not a string`);
  return value;
}

export function asNumber(value: Value | undefined): number {
  if (typeof value !== "number") throw raised("TypeError", `${shown(value)} is not a number`);
  return value;
}

export function asBoolean(value: Value | undefined): boolean {
  if (typeof value !== "boolean") throw raised("TypeError", `${shown(value)} is not a boolean`);
  return value;
}

function shown(value: Value | undefined): string {
  return JSON.stringify(value ?? null);
}
