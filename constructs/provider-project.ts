import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { Lazy, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { ConstructError } from "./errors";

/**
 * Id of the project of the stack's default Google provider. It is read when the stack is synthesized, so that the
 * provider may be created later.
 *
 * @param missing the fault if the provider has no project: `project: must be given`
 * @throws ConstructError at synthesis if the stack's provider has no project
 */
export function providerProject(scope: Construct, missing: string): string {
  return Lazy.stringValue({
    produce: () => {
      const project = defaultProvider(TerraformStack.of(scope))?.project;
      if (project === undefined) throw new ConstructError(scope, [missing]);
      return project;
    },
  });
}

/** The same for a resource that is imported without its project. */
export function importProject(scope: Construct): string {
  return providerProject(scope, "project: the stack's Google provider has none; pass it to fromName");
}

const providers = new WeakMap<TerraformStack, GoogleProvider>();

function defaultProvider(stack: TerraformStack): GoogleProvider | undefined {
  const known = providers.get(stack);
  if (known !== undefined) return known;
  const found = stack.node
    .findAll()
    .find(
      (construct): construct is GoogleProvider =>
        construct instanceof GoogleProvider && construct.alias === undefined,
    );
  if (found !== undefined) providers.set(stack, found);
  return found;
}
