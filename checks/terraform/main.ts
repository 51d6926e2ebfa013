/**
 * `npm run test:terraform [-- stack ...]`: runs init, validate and plan on all stacks of all environments, and of one that
 * uses what exists already, with Terraform
 * and the real providers, without credentials and without access to Google or AWS. Then checks that the preview without
 * credentials can create the state of each stack.
 *
 * TRIBUTARY_PROVIDER_MIRROR: folder with providers (in the layout of `terraform providers mirror`), for machines that
 * cannot reach the registry.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { loadCatalog } from "../../catalog";
import { loadEnvironments } from "../../config";
import { cache } from "../../programs/cache";
import { synthesizeInto } from "../../scripts/synthesized";
import { SchemaCache } from "../../preview/base/schema-cache";
import { ProgramMissing } from "../../terraform/child";
import { inParallel } from "../../terraform/in-parallel";
import { findTerraform, type Terraform } from "../../terraform/terraform";
import { conclude } from "../verdict";
import { adopted } from "./adopted";
import { checkStack, failedStack, skippedStack, type StackCheck, type SynthesizedStack } from "./check-stack";
import { type Provider, provider, type ProviderNeed } from "./providers";
import { report } from "./report";
import { checkSettled } from "./settle";
import { needsOf } from "./working-copy";

void conclude(async () => {
  const place = mkdtempSync(join(tmpdir(), "terraform-"));
  try {
    const checks = await checkAll(chosen(process.argv.slice(2), allStacks(place)));
    process.stdout.write(`${report(checks)}\n\n`);
    return checks.map(({ verdict }) => verdict);
  } finally {
    rmSync(place, { recursive: true });
  }
});

function allStacks(place: string): SynthesizedStack[] {
  const own = loadEnvironments();
  const all = [
    ...own,
    ...own
      .filter(({ protectData }) => protectData)
      .slice(0, 1)
      .map(adopted),
  ];
  return all.flatMap((environment) => {
    const outdir = join(place, environment.name);
    const stacks = synthesizeInto(outdir, { environment, catalog: loadCatalog() });
    return [...stacks].map(([stack, json]) => ({ stack, json, folder: join(outdir, "stacks", stack) }));
  });
}

/** The stacks with these names; all if there are no names. */
function chosen(names: readonly string[], stacks: readonly SynthesizedStack[]): readonly SynthesizedStack[] {
  const known = stacks.map(({ stack }) => stack);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Error(`stack "${unknown}" does not exist; available stacks: ${known.join(", ")}`);
  return names.length === 0 ? stacks : stacks.filter(({ stack }) => names.includes(stack));
}

async function checkAll(stacks: readonly SynthesizedStack[]): Promise<StackCheck[]> {
  try {
    const terraform = await findTerraform(process.env, "none");
    const providers = await allProviders(terraform, stacks);
    const schemas = new SchemaCache();
    return await inParallel(stacks, availableParallelism(), (stack) =>
      checkWith(providers, stack, terraform, schemas),
    );
  } catch (error) {
    if (!(error instanceof ProgramMissing)) throw error;
    return stacks.map(({ stack }) => skippedStack(stack, error.message));
  }
}

/** Gets each provider once, before the stacks are checked, so that they do not download it concurrently. */
async function allProviders(
  terraform: Terraform,
  stacks: readonly SynthesizedStack[],
): Promise<ReadonlyMap<string, Provider>> {
  const needs = stacks.flatMap(({ json }) => [...needsOf(json).values()]);
  const mirror = process.env.TRIBUTARY_PROVIDER_MIRROR;
  const found = new Map<string, Provider>();
  for (const [name, need] of new Map(needs.map((need) => [key(need), need]))) {
    const got = await provider(need, { terraform, cache: join(cache, "terraform"), mirror });
    if (got.kind === "there" && got.version !== need.version)
      process.stdout.write(
        `Using ${need.source} ${got.version} instead of ${need.version}, which the mirror does not have.\n\n`,
      );
    found.set(name, got);
  }
  return found;
}

function key({ source, version }: ProviderNeed): string {
  return `${source} ${version}`;
}

async function checkWith(
  providers: ReadonlyMap<string, Provider>,
  stack: SynthesizedStack,
  terraform: Terraform,
  schemas: SchemaCache,
): Promise<StackCheck> {
  const there = new Map<string, Extract<Provider, { kind: "there" }>>();
  for (const [name, need] of needsOf(stack.json)) {
    const got = providers.get(key(need));
    switch (got?.kind) {
      case "there":
        there.set(name, got);
        break;
      case "missing":
        return skippedStack(stack.stack, got.reason);
      case "unknown":
        return failedStack(stack.stack, got.reason);
      case undefined:
        throw new Error(`${stack.stack}: ${key(need)} was not resolved`);
    }
  }
  const tools = { terraform, providers: there };
  return checkSettled(await checkStack(stack, tools), stack, tools, schemas);
}
