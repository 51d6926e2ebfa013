/** Parsed JSON. Numbers that JavaScript cannot hold exactly are a {@link WrittenNumber}. */
export type Json = null | boolean | number | string | WrittenNumber | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** A number kept as it was written, because it is beyond what a double holds. */
export class WrittenNumber {
  constructor(readonly digits: string) {}

  toString(): string {
    return this.digits;
  }

  toJSON(): string {
    return this.digits;
  }
}

export function isObject(value: Json | undefined): value is JsonObject {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof WrittenNumber)
  );
}

export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The object, or an empty one where the value is something else. */
export function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** The list, or an empty one where the value is something else. */
export function arrayOf(value: Json | undefined): readonly Json[] {
  return isArray(value) ? value : [];
}

/** The text, or undefined where the value is something else. */
export function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The text of parsed JSON, with every number as it was written. */
export function stringify(value: unknown): string {
  const marked = JSON.stringify(value, function (this: Record<string, unknown>, key, member: unknown) {
    const original = this[key];
    return original instanceof WrittenNumber ? `${mark}${original.digits}` : member;
  });
  return marked.replaceAll(/"\\u0000number:([^"]+)"/g, "$1");
}

const mark = "\0number:";

/** The block, which plans write as a list of one and syntheses as an object; an empty object where there is none. */
export function blockOf(value: Json | undefined): JsonObject {
  return objectOf(isArray(value) ? value[0] : value);
}
