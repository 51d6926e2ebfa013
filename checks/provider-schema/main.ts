/**
 * `npm run provider-schema [-- <file>]`: updates __tests__/fixtures/provider-schema.json, for the resource types that
 * constructs and stacks use and the providers that the stacks require. It runs Terraform, or reads a file with the output
 * of `terraform providers schema -json` from another machine. A provider that is in neither keeps its old schemas; the
 * command prints the reason and exits with code 1.
 *
 * TRIBUTARY_PROVIDER_MIRROR: folder with providers (in the layout of `terraform providers mirror`), for machines that
 * cannot reach the registry.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadCatalog } from "../../catalog";
import { loadEnvironments } from "../../config";
import { synthesized } from "../../scripts/synthesized";
import { cache } from "../../programs/cache";
import { provider, type ProviderNeed } from "../terraform/providers";
import { findTerraform } from "../../terraform/terraform";
import { needsOf } from "../terraform/working-copy";
import { type ProviderSchemas, readSchemas, trimmed } from "./schema";
import { usedTypes } from "./used-types";

const file = join("__tests__", "fixtures", "provider-schema.json");

/** What `terraform providers schema -json` writes for a provider, and the provider's version. */
interface Schema {
  readonly version: string;
  readonly json: unknown;
}

async function main(from: string | undefined): Promise<void> {
  const given: unknown = from === undefined ? undefined : JSON.parse(readFileSync(from, "utf8"));
  const before = existsSync(file) ? readSchemas(file) : {};
  const schemas: Record<string, ProviderSchemas[string]> = { ...before };
  const missing: string[] = [];
  const types = usedTypes(".", ["constructs", "stacks"]);
  for (const [name, need] of [...requiredProviders()].sort()) {
    try {
      const { version, json } =
        given === undefined ? await fromTerraform(need) : { version: need.version, json: given };
      schemas[name] = { version, resources: trimmed(json, need.source, types.get(name) ?? []) };
    } catch (error) {
      missing.push(error instanceof Error ? error.message : String(error));
    }
  }
  const updated = Object.keys(schemas).filter((name) => schemas[name] !== before[name]);
  if (updated.length > 0) writeFileSync(file, `${JSON.stringify(schemas, null, 2)}\n`);
  process.stdout.write(`${file}: ${updated.length > 0 ? `updated ${updated.join(", ")}` : "unchanged"}\n`);
  if (missing.length === 0) return;
  process.stderr.write(`${missing.map((reason) => `not updated: ${reason}`).join("\n")}\n${advice}\n`);
  process.exitCode = 1;
}

const advice = [
  "Run this command where Terraform can download providers, set TRIBUTARY_PROVIDER_MIRROR to a folder that contains them,",
  "or pass a file with the output of `terraform providers schema -json`: npm run provider-schema -- schemas.json",
].join("\n");

/** By the name that the stacks give them. */
function requiredProviders(): ReadonlyMap<string, ProviderNeed> {
  const stacks = loadEnvironments().flatMap((environment) => [
    ...synthesized({ environment, catalog: loadCatalog() }).values(),
  ]);
  return new Map(stacks.flatMap((stack) => [...needsOf(stack)]));
}

async function fromTerraform(need: ProviderNeed): Promise<Schema> {
  const terraform = await findTerraform(process.env, "none");
  const mirror = process.env.TRIBUTARY_PROVIDER_MIRROR;
  const found = await provider(need, { terraform, cache: join(cache, "terraform"), mirror });
  if (found.kind !== "there") throw new Error(found.reason);
  if (found.version !== need.version)
    process.stdout.write(
      `Using ${need.source} ${found.version} instead of ${need.version}, which the mirror does not have.\n`,
    );
  const folder = join(found.pluginDir, "..", "..");
  const args = ["providers", "schema", "-json"];
  const { exitCode, stdout, stderr } = await terraform.run(args, { folder });
  if (exitCode !== 0) throw new Error(`${need.source} ${found.version}: ${stderr.trim()}`);
  return { version: found.version, json: JSON.parse(stdout.toString()) as unknown };
}

main(process.argv[2]).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
