import { isDeepStrictEqual } from "node:util";
import type { Configuration, StackFolder } from "../../terraform/stack-folder";
import type { ResourceReference } from "../report/changes";

/** Keys of resources that differ between two synthesized apps. */
export type Differing = ReadonlySet<string>;

/**
 * Returns all resources that differ, are new, or are removed, and all resources of a stack whose providers, variables or
 * locals differ, because these can affect each of them.
 */
export function differing(one: readonly StackFolder[], other: readonly StackFolder[]): Differing {
  const names = new Set([...one, ...other].map(({ name }) => name));
  return new Set(
    [...names].flatMap((name) => {
      const [a, b] = [one, other].map((stacks) => stacks.find((stack) => stack.name === name));
      return differingIn(a?.configuration, b?.configuration).map((address) => key({ stack: name, address }));
    }),
  );
}

export function key({ stack, address }: ResourceReference): string {
  return `${stack} ${address}`;
}

export function referenceOf(text: string): ResourceReference {
  const at = text.indexOf(" ");
  return { stack: text.slice(0, at), address: text.slice(at + 1) };
}

function differingIn(one: Configuration | undefined, other: Configuration | undefined): string[] {
  const [a, b] = [resourcesOf(one), resourcesOf(other)];
  const addresses = [...new Set([...a.keys(), ...b.keys()])];
  if (one !== undefined && other !== undefined && !isDeepStrictEqual(surroundings(one), surroundings(other)))
    return addresses;
  return addresses.filter((address) => !isDeepStrictEqual(a.get(address), b.get(address)));
}

function resourcesOf(configuration: Configuration | undefined): Map<string, unknown> {
  const { resource = {}, data = {} } = configuration ?? {};
  const list = (byType: Configuration["resource"], prefix: string) =>
    Object.entries(byType).flatMap(([type, byName]) =>
      Object.entries(byName).map(([name, body]) => [`${prefix}${type}.${name}`, withoutNotes(body)] as const),
    );
  return new Map([...list(resource, ""), ...list(data, "data.")]);
}

/** Settings that can affect resources. */
function surroundings({ provider, variable, locals, module, terraform }: Configuration): unknown {
  return withoutNotes({ provider, variable, locals, module, versions: terraform.required_providers });
}

/** The JSON without `"//"`, which contains metadata of cdktf. */
function withoutNotes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNotes);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== "//")
      .map(([name, part]) => [name, withoutNotes(part)]),
  );
}
