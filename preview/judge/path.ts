import { isArray, isObject, type Json } from "../json";

/** The value at a path. Blocks are lists with one element in Terraform's JSON. */
export function at(values: Json | undefined, path: string): Json | undefined {
  let value = values;
  for (const name of stepsOf(path)) {
    const one: Json | undefined = isArray(value) ? value[0] : value;
    if (!isObject(one)) return undefined;
    value = one[name];
  }
  return value;
}

/** The names in a path. */
export function stepsOf(path: string): readonly string[] {
  let steps = splitPaths.get(path);
  if (steps === undefined) splitPaths.set(path, (steps = path.split(".")));
  return steps;
}

/** Cache for the few dozen paths in the tables of the code. */
const splitPaths = new Map<string, readonly string[]>();
