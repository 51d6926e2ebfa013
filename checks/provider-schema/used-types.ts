import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The resource types that the files of some folders import from `@cdktf/provider-*`, by provider.
 *
 * @param project folder with these folders and node_modules
 */
export function usedTypes(
  project: string,
  folders: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const imported = folders.flatMap((folder) =>
    readdirSync(join(project, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .flatMap((name) => [...readFileSync(join(project, folder, name), "utf8").matchAll(resourceImport)])
      .map(([, provider = "", resource = ""]) => ({ provider, type: typeOf(project, provider, resource) })),
  );
  const types = new Map<string, Set<string>>();
  for (const { provider, type } of imported) {
    if (type !== undefined) types.set(provider, (types.get(provider) ?? new Set()).add(type));
  }
  return new Map([...types].map(([provider, all]) => [provider, [...all].sort()]));
}

const resourceImport = /from "@cdktf\/provider-([a-z]+)\/lib\/([a-z0-9-]+)"/g;

/** The type that a module declares, or undefined for the provider itself and for data sources. */
function typeOf(project: string, provider: string, resource: string): string | undefined {
  if (resource === "provider" || resource.startsWith("data-")) return undefined;
  const file = join(project, "node_modules", "@cdktf", `provider-${provider}`, "lib", resource, "index.d.ts");
  const type = /static readonly tfResourceType = "(\w+)"/.exec(readFileSync(file, "utf8"))?.[1];
  if (type === undefined) throw new Error(`${file} declares no resource type`);
  return type;
}
