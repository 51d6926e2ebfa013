import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { errorIn } from "../../terraform/messages";
import type { Terraform } from "../../terraform/terraform";

/** A provider that a stack requires. */
export interface ProviderNeed {
  /** `hashicorp/google` */
  readonly source: string;
  readonly version: string;
}

/** Result of resolving a required provider. */
export type Provider =
  | { readonly kind: "there"; readonly version: string; readonly pluginDir: string }
  /** Not available on this machine: stacks that require it are skipped. */
  | { readonly kind: "missing"; readonly reason: string }
  /** Does not exist in the registry: stacks that require it fail. */
  | { readonly kind: "unknown"; readonly reason: string };

/**
 * Gets a provider from the cache, from the mirror, or else as Terraform is configured on this machine. If the mirror has
 * only other versions of the provider, the newest one is used.
 */
export async function provider(
  need: ProviderNeed,
  { terraform, cache, mirror }: { terraform: Terraform; cache: string; mirror: string | undefined },
): Promise<Provider> {
  const inMirror = mirror === undefined ? [] : mirrored(mirror, need.source, terraform.platform);
  const version = inMirror.length === 0 ? need.version : closestVersion(need.version, inMirror);
  const folder = join(cache, `${need.source.replaceAll("/", "-")}-${version}`);
  const pluginDir = join(folder, ".terraform", "providers");
  const there: Provider = { kind: "there", version, pluginDir };
  if (existsSync(join(pluginDir, registry, need.source, version, terraform.platform))) return there;

  mkdirSync(folder, { recursive: true });
  const block = { [need.source.split("/").pop() ?? ""]: { source: need.source, version } };
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ terraform: { required_providers: block } }));
  const from = mirror === undefined || inMirror.length === 0 ? [] : [`-plugin-dir=${resolve(mirror)}`];
  const { exitCode, stdout, stderr } = await terraform.run(
    ["init", "-backend=false", "-input=false", "-no-color", ...from],
    { folder, download: true },
  );
  if (exitCode === 0) return there;
  const cause = errorIn(stderr) ?? stdout.toString().trim();
  const kind = cause.includes("no available releases match") ? "unknown" : "missing";
  return { kind, reason: `${need.source} ${version}: ${cause}` };
}

const registry = "registry.terraform.io";

/** Versions of a provider in a mirror, unpacked or as zip files of `terraform providers mirror`. */
export function mirrored(mirror: string, source: string, platform: string): string[] {
  const folder = join(mirror, registry, source);
  if (!existsSync(folder)) return [];
  const type = source.split("/").pop() ?? "";
  return readdirSync(folder).flatMap((name) => {
    if (existsSync(join(folder, name, platform))) return [name];
    const zipped = new RegExp(`^terraform-provider-${type}_(.+)_${platform}\\.zip$`).exec(name);
    return zipped?.[1] === undefined ? [] : [zipped[1]];
  });
}

/** The version itself if available, else the newest one. */
export function closestVersion(version: string, versions: readonly string[]): string {
  if (versions.includes(version)) return version;
  return [...versions].sort((a, b) => a.localeCompare(b, "en", { numeric: true })).pop() ?? version;
}
