/** Parsed JSON. A number that JavaScript cannot represent exactly is a {@link WrittenNumber}. */
export type Json = null | boolean | number | string | WrittenNumber | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** A number with its original digits, because a double cannot represent it. */
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

/** Returns the value if it is an object, otherwise an empty object. */
export function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** The member of an object from a document; not a member of every object, such as `constructor`. */
export function ownMember(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Returns the value if it is a list, otherwise an empty list. */
export function arrayOf(value: Json | undefined): readonly Json[] {
  return isArray(value) ? value : [];
}

/** Returns the value if it is a string, otherwise undefined. */
export function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Serializes parsed JSON with the original digits of all numbers. */
export function stringify(value: unknown): string {
  const marked = JSON.stringify(value, function (this: Record<string, unknown>, key, member: unknown) {
    const original = this[key];
    return original instanceof WrittenNumber ? `${mark}${original.digits}` : member;
  });
  return marked.replaceAll(/"\\u0000number:([^"]+)"/g, "$1");
}

const mark = "\0number:";

/**
 * Returns a block, which is a list with one element in plans and an object in synthesized JSON. Default: an empty
 * object.
 */
export function blockOf(value: Json | undefined): JsonObject {
  return objectOf(isArray(value) ? value[0] : value);
}
