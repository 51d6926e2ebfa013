import type { Values } from "./synthesis";

/** A value of a resource by its path, `settings.ip_configuration.ipv4_enabled`. Of a list of blocks, the first. */
export function at(values: Values, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => {
    const [block]: unknown[] = [value].flat();
    return typeof block === "object" && block !== null ? Reflect.get(block, key) : undefined;
  }, values);
}

/** The string at a path, or undefined when there is none. */
export function textAt(values: Values, path: string): string | undefined {
  const value = at(values, path);
  return typeof value === "string" ? value : undefined;
}

/** The blocks at a path. */
export function blocksAt(values: Values, path: string): Values[] {
  const found: unknown[] = [at(values, path) ?? []].flat();
  return found.flatMap((block) => (typeof block === "object" && block !== null ? [{ ...block }] : []));
}

/** The strings of a list. */
export function textsAt(values: Values, path: string): string[] {
  const found: unknown[] = [at(values, path) ?? []].flat();
  return found.filter((value) => typeof value === "string");
}

/** Every string at any depth, each with the record that contains it. */
export function everyText(within: Values): { readonly text: string; readonly within: Values }[] {
  return Object.entries(within)
    .filter(([key]) => key !== "//")
    .flatMap(([, value]) =>
      [value]
        .flat()
        .flatMap((one: unknown) =>
          typeof one === "string"
            ? [{ text: one, within }]
            : typeof one === "object" && one !== null
              ? everyText({ ...one })
              : [],
        ),
    );
}
