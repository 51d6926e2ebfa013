import * as z from "zod/mini";
import type { StackJson } from "../../scripts/synthesized";
import { offlineAws } from "../../terraform/offline-aws";
import type { ProviderNeed } from "./providers";

const terraformBlock = z.looseObject({
  required_providers: z.record(z.string(), z.object({ source: z.string(), version: z.string() })),
});
const providerBlock = z.record(z.string(), z.array(z.looseObject({ alias: z.optional(z.string()) })));

/** The providers that a stack requires, by local name. */
export function needsOf(stack: StackJson): ReadonlyMap<string, ProviderNeed> {
  const { required_providers: required } = terraformBlock.parse(stack.terraform);
  return new Map(
    Object.entries(required).map(([name, { source, version }]) => [
      name,
      { source: source.includes("/") ? source : `hashicorp/${source}`, version },
    ]),
  );
}

/**
 * The content of an override file to plan a stack offline: local state, no credential validation with AWS, and the
 * available provider versions.
 *
 * @param versions versions of the providers, by local name
 */
export function override(stack: StackJson, versions: ReadonlyMap<string, string>): object {
  const required: Record<string, ProviderNeed> = {};
  for (const [name, { source, version }] of needsOf(stack))
    required[name] = { source, version: versions.get(name) ?? version };
  return {
    terraform: { backend: { local: {} }, required_providers: required },
    ...offlineAws(providerBlock.parse(stack.provider).aws ?? []),
  };
}
