import type { StackPlan } from "../plan/stack-plan";
import { hidden, type Masks } from "./masks";

/**
 * Masks instance keys that are secrets: with `nonsensitive()`, a secret can be a key of `for_each`, and would be shown
 * by the address. The masked keys are numbered, so that addresses stay distinct.
 */
export function withMaskedKeys(plans: readonly StackPlan[], masks: Masks): (plan: StackPlan) => StackPlan {
  const secrets = new Set(
    plans
      .flatMap(addressesOf)
      .flatMap((address) => address.match(quotedKey) ?? [])
      .filter((key) => masks.hides(written(key))),
  );
  if (secrets.size === 0) return (plan) => plan;
  const names = new Map(
    [...secrets].map((key, at) => [key, `["${at === 0 ? hidden : `(sensitive ${at + 1})`}"]`]),
  );
  const masked = (address: string) => address.replace(quotedKey, (key) => names.get(key) ?? key);
  return (plan) => ({
    ...plan,
    resources: plan.resources.map((resource) => withAddress(resource, masked)),
    drift: plan.drift.map((resource) => withAddress(resource, masked)),
    checks: plan.checks.map((check) => ({ ...check, address: masked(check.address) })),
    relevant: plan.relevant.map(masked),
    invocations: plan.invocations.map(masked),
  });
}

const quotedKey = /\["(?:[^"\\]|\\.)*"\]/g;

/** The key as it was before Terraform escaped it. */
function written(key: string): string {
  return key.slice(2, -2).replace(/\\(.)/g, "$1");
}

function addressesOf({ resources, drift, checks, relevant, invocations }: StackPlan): string[] {
  const addresses = [...resources, ...drift].flatMap(({ address, previousAddress }) => [
    address,
    previousAddress ?? "",
  ]);
  return [...addresses, ...checks.map(({ address }) => address), ...relevant, ...invocations].filter(
    (address) => address.includes('["'),
  );
}

function withAddress<Resource extends { readonly address: string; readonly previousAddress?: string }>(
  resource: Resource,
  masked: (address: string) => string,
): Resource {
  const { address, previousAddress } = resource;
  return {
    ...resource,
    address: masked(address),
    ...(previousAddress !== undefined && { previousAddress: masked(previousAddress) }),
  };
}
