import { isArray, isObject, type Json } from "../json";

/**
 * The sensitive parts of both sides of a value: true, or by key. A flag of one list element applies to all elements,
 * because the elements of a set have no position.
 */
export type Flags = boolean | ReadonlyMap<string, Flags>;

/** Merges the flags of both sides: a part is sensitive if one side flags it. */
export function flagsOf(before: Json | undefined, after: Json | undefined): Flags {
  // Fast path: most values have no flags.
  return merge(hasFlags(before) ? flagsIn(before) : false, hasFlags(after) ? flagsIn(after) : false);
}

/** Whether any part is flagged as sensitive. */
export function hasFlags(shape: Json | undefined): boolean {
  if (typeof shape !== "object" || shape === null) return shape === true;
  if (isArray(shape)) return shape.some(hasFlags);
  if (isObject(shape)) for (const key in shape) if (hasFlags(shape[key])) return true;
  return false;
}

/** Flags of a member, or of list elements with {@link elements}. */
export function flagsAt(flags: Flags, key: string): Flags {
  return typeof flags === "boolean" ? flags : (flags.get(key) ?? false);
}

/** Key for the flags of list elements. */
export const elements = "[]";

function flagsIn(shape: Json | undefined): Flags {
  if (isArray(shape)) {
    const all = shape.map(flagsIn).reduce(merge, false);
    return all === false ? false : new Map([[elements, all]]);
  }
  if (!isObject(shape)) return shape === true;
  const members = Object.entries(shape)
    .map(([key, member]) => [key, flagsIn(member)] as const)
    .filter(([, flags]) => flags !== false);
  return members.length === 0 ? false : new Map(members);
}

function merge(one: Flags, other: Flags): Flags {
  if (one === true || other === true) return true;
  if (one === false) return other;
  if (other === false) return one;
  const merged = new Map(one);
  for (const [key, flags] of other) merged.set(key, merge(merged.get(key) ?? false, flags));
  return merged;
}
