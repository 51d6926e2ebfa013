import { isArray, isObject, type Json } from "../json";

/**
 * Which parts of a value are sensitive, of both its sides: true, or by key. A flag in one element of a list holds for
 * every element, since the elements of a set have no position.
 */
export type Flags = boolean | ReadonlyMap<string, Flags>;

/** Flags of a value from the shapes of its two sides: what one of them hides stays hidden. */
export function flagsOf(before: Json | undefined, after: Json | undefined): Flags {
  // Most shapes flag nothing: it is seen without writing it down.
  return merge(hasFlags(before) ? flagsIn(before) : false, hasFlags(after) ? flagsIn(after) : false);
}

/** Whether a shape flags anything as sensitive. */
export function hasFlags(shape: Json | undefined): boolean {
  if (typeof shape !== "object" || shape === null) return shape === true;
  if (isArray(shape)) return shape.some(hasFlags);
  if (isObject(shape)) for (const key in shape) if (hasFlags(shape[key])) return true;
  return false;
}

/** Flags of a member; of a list's elements with {@link elements}. */
export function flagsAt(flags: Flags, key: string): Flags {
  return typeof flags === "boolean" ? flags : (flags.get(key) ?? false);
}

/** The key under which the flags of a list's elements are. */
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
