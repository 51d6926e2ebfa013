/**
 * `npm run provider-schema`: renews __tests__/fixtures/provider-schema.json from `terraform providers schema -json`, for
 * the resource types that constructs and stacks use and the versions that the stacks require. A provider that this
 * machine cannot get keeps its old schema; the command says why and exits with code 1.
 *
 * TRIBUTARY_PROVIDER_MIRROR names a folder with providers (the layout of `terraform providers mirror`) for machines
 * without access to the registry.
 */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadCatalog } from "../../catalog";
import { environments, loadEnvironment } from "../../config";
import { ProgramMissing } from "../../scripts/program";
import { synthesized } from "../../scripts/synthesized";
import { cache } from "../cache";
import { provider, type ProviderNeed } from "../terraform/providers";
import { findTerraform, type Terraform } from "../terraform/terraform";
import { needsOf } from "../terraform/working-copy";
import { type ProviderSchemas, readSchemas, trimmed } from "./schema";
import { usedTypes } from "./used-types";

const file = join("__tests__", "fixtures", "provider-schema.json");

async function main(): Promise<void> {
  const before = existsSync(file) ? readSchemas(file) : {};
  const schemas: Record<string, ProviderSchemas[string]> = { ...before };
  const missing: string[] = [];
  const terraform = await findTerraform(process.env);
  const types = usedTypes(".", ["constructs", "stacks"]);
  for (const [name, need] of [...requiredProviders()].sort()) {
    try {
      schemas[name] = await schemaOf(need, types.get(name) ?? [], terraform);
    } catch (error) {
      missing.push(error instanceof Error ? error.message : String(error));
    }
  }
  const renewed = Object.keys(schemas).filter((name) => schemas[name] !== before[name]);
  if (renewed.length > 0) writeFileSync(file, `${JSON.stringify(schemas, null, 2)}\n`);
  process.stdout.write(
    renewed.length > 0 ? `${file}: renewed ${renewed.join(", ")}\n` : `${file} is unchanged\n`,
  );
  if (missing.length === 0) return;
  process.stderr.write(`${missing.map((reason) => `not renewed: ${reason}`).join("\n")}\n${advice}\n`);
  process.exitCode = 1;
}

const advice =
  "Run this where Terraform can download providers, or set TRIBUTARY_PROVIDER_MIRROR to a folder that has them.";

/** By the name that the stacks give them. */
function requiredProviders(): ReadonlyMap<string, ProviderNeed> {
  const stacks = environments.flatMap(({ name }) => [
    ...synthesized({ environment: loadEnvironment(name), catalog: loadCatalog() }).values(),
  ]);
  return new Map(stacks.flatMap((stack) => [...needsOf(stack)]));
}

async function schemaOf(
  need: ProviderNeed,
  types: readonly string[],
  terraform: Terraform,
): Promise<ProviderSchemas[string]> {
  const mirror = process.env.TRIBUTARY_PROVIDER_MIRROR;
  const found = await provider(need, { terraform, cache: join(cache, "terraform"), mirror });
  if (found.kind !== "there") throw new Error(found.reason);
  if (found.version !== need.version)
    process.stdout.write(
      `${need.source} ${found.version} stands in for ${need.version}: the mirror has no other\n`,
    );
  const folder = join(found.pluginDir, "..", "..");
  const { exitCode, stdout, stderr } = await terraform.run(["providers", "schema", "-json"], {
    folder,
    network: false,
  });
  if (exitCode !== 0) throw new Error(`${need.source} ${need.version}: ${stderr.trim()}`);
  return { version: found.version, resources: trimmed(JSON.parse(stdout), types) };
}

main().catch((error: unknown) => {
  const reason = error instanceof ProgramMissing ? `not renewed: ${error.message}\n${advice}` : String(error);
  process.stderr.write(`${reason}\n`);
  process.exitCode = 1;
});
