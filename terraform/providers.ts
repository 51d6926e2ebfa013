import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { StackFolder } from "./stack-folder";
import { errorIn } from "./messages";
import type { Terraform } from "./terraform";

/** A provider that a stack requires. */
interface Need {
  /** `hashicorp/google` */
  readonly source: string;
  /** `6.50.0`, or a version constraint. */
  readonly version: string;
}

/** Plugin folders with the providers of a stack, or the reason why one is missing. */
export type Providers =
  | { readonly kind: "there"; readonly pluginDirs: readonly string[] }
  | { readonly kind: "missing"; readonly reason: string };

export interface ProviderSettings {
  readonly terraform: Terraform;
  /** Folder that caches providers between runs. */
  readonly cache: string;
  /** A folder in the layout of `terraform providers mirror`. @default - Terraform's configured installation method */
  readonly mirror?: string | undefined;
  readonly signal?: AbortSignal;
}

/**
 * Installs the providers of all stacks sequentially, each only once, so that stacks that are planned in parallel share
 * them.
 */
export async function getProviders(
  stacks: readonly StackFolder[],
  settings: ProviderSettings,
): Promise<(stack: StackFolder) => Providers> {
  const needs = new Map(stacks.flatMap(needsOf).map((need) => [key(need), need]));
  const found = new Map<string, Providers>();
  for (const [name, need] of needs) found.set(name, await getProvider(need, settings));
  return (stack) => {
    const all = needsOf(stack).map((need) => found.get(key(need)));
    const missing = all.find((one) => one?.kind === "missing");
    if (missing !== undefined) return missing;
    return { kind: "there", pluginDirs: all.flatMap((one) => (one?.kind === "there" ? one.pluginDirs : [])) };
  };
}

function needsOf({ configuration }: StackFolder): Need[] {
  return Object.values(configuration.terraform.required_providers)
    .filter(({ source }) => !source.startsWith("terraform.io/builtin/"))
    .map(({ source, version = ">= 0" }) => ({
      source: source.includes("/") ? source : `hashicorp/${source}`,
      version,
    }));
}

function key({ source, version }: Need): string {
  return `${source} ${version}`;
}

async function getProvider(need: Need, settings: ProviderSettings): Promise<Providers> {
  const { terraform, cache, mirror, signal } = settings;
  const folder = join(cache, key(need).replaceAll(/[^A-Za-z0-9.-]+/g, "_"), terraform.platform);
  const there: Providers = { kind: "there", pluginDirs: [join(folder, ".terraform", "providers")] };
  if (existsSync(folder)) return there;

  mkdirSync(join(folder, ".."), { recursive: true });
  const draft = mkdtempSync(`${folder}-`);
  try {
    const name = need.source.split("/").pop() ?? "";
    const block = { [name]: { source: need.source, version: need.version } };
    writeFileSync(join(draft, "main.tf.json"), JSON.stringify({ terraform: { required_providers: block } }));
    const from = mirror !== undefined && holds(mirror, need) ? [`-plugin-dir=${resolve(mirror)}`] : [];
    const { exitCode, stdout, stderr } = await terraform.run(
      ["init", "-backend=false", "-input=false", "-no-color", ...from],
      { folder: draft, download: true, ...(signal && { signal }) },
    );
    if (exitCode !== 0) {
      const cause = (errorIn(stderr) ?? stdout.toString().trim()).replace(preamble, "");
      return { kind: "missing", reason: `${key(need)} is not available: ${cause}. ${remedy}` };
    }
    // A Terraform that took it from elsewhere, as a wrapper may, has left nothing to share.
    if (!existsSync(join(draft, ".terraform", "providers"))) return { kind: "there", pluginDirs: [] };
    if (!existsSync(folder)) renameSync(draft, folder);
    return there;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

const preamble =
  /^Failed to query available provider packages: Could not retrieve the list of available versions for provider [^\s:]+: /;
const remedy =
  "If the registry is not reachable, set TRIBUTARY_PROVIDER_MIRROR to the output folder of terraform providers mirror, or compare the synthesized JSON with npm run preview -- diff";

/** Whether the mirror contains the provider. `-plugin-dir` disables all other installation methods. */
function holds(mirror: string, { source }: Need): boolean {
  const parts = source.split("/");
  const folder = join(mirror, ...(parts.length === 2 ? ["registry.terraform.io"] : []), ...parts);
  return existsSync(folder) && readdirSync(folder).length > 0;
}
