import { type Ordered } from "../terraform/run-in-order";
import { initStack } from "../terraform/plan-stack";
import type { StackFolder } from "../terraform/stack-folder";
import type { Terraform } from "../terraform/terraform";

/**
 * Refuses to destroy stacks while others that depend on them exist: Google Cloud would refuse half way, or what is left
 * would not work.
 *
 * @throws Error naming what still exists
 */
export async function refuseDependents(
  chosen: readonly StackFolder[],
  all: readonly StackFolder[],
  tools: { readonly terraform: Terraform; readonly signal: AbortSignal },
): Promise<void> {
  const names = new Set(chosen.map(({ name }) => name));
  const others = all.filter((stack) => !names.has(stack.name) && dependsOnAny(stack, names, all));
  const found: string[] = [];
  for (const stack of others) {
    const count = await resourcesIn(stack, tools);
    if (count > 0) found.push(`${stack.name} (${count === 1 ? "1 resource" : `${count} resources`})`);
  }
  if (found.length > 0)
    throw new Error(
      `Nothing was destroyed: ${found.join(", ")} still exist and depend on ${[...names].join(", ")}. ` +
        "Destroy them first, or together with --stack",
    );
}

function dependsOnAny(stack: Ordered, names: ReadonlySet<string>, all: readonly Ordered[]): boolean {
  return stack.dependencies.some((name) => {
    const dependency = all.find((one) => one.name === name);
    return names.has(name) || (dependency !== undefined && dependsOnAny(dependency, names, all));
  });
}

/** Where its state cannot be read, as when its bucket is gone, it has none that could be in the way. */
async function resourcesIn(
  { folder }: StackFolder,
  { terraform, signal }: { readonly terraform: Terraform; readonly signal: AbortSignal },
): Promise<number> {
  const failed = await initStack(folder, { terraform, pluginDirs: [], signal });
  if (failed !== undefined) return 0;
  const { exitCode, stdout } = await terraform.run(["state", "list"], { folder, signal });
  const lines = stdout.toString().split("\n");
  return exitCode === 0 ? lines.filter((line) => line.trim() !== "" && !line.includes("data.")).length : 0;
}
