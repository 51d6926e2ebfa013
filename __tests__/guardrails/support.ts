import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, TerraformStack } from "cdktf";
import { checkStacks, type Rule } from "../../guardrails";

/** Resources as Terraform's JSON has them: type, id, arguments. */
export type Resources = Readonly<Record<string, Readonly<Record<string, object>>>>;

/** What a test breaks: a name, the resources, and the findings. */
export type Case = readonly [name: string, resources: Resources, said: readonly string[]];

/** Runs a test on stacks of an app whose output folder is removed afterwards. */
export function inApp<T>(test: (app: App) => T): T {
  const outdir = mkdtempSync(join(tmpdir(), "guardrails-test-"));
  try {
    return test(new App({ outdir }));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** Adds a stack with these resources, which no construct wrote. */
export function stackWith(app: App, name: string, resources: Resources): TerraformStack {
  const stack = new TerraformStack(app, name);
  for (const [type, byId] of Object.entries(resources)) stack.addOverride(`resource.${type}`, byId);
  return stack;
}

/** What a rule says of a stack named `test` with these resources: `path found | fix`. */
export function said(
  rule: Rule,
  resources: Resources,
  build: (stack: TerraformStack) => void = () => undefined,
): string[] {
  return inApp((app) => {
    const stack = stackWith(app, "test", resources);
    build(stack);
    return checkStacks(stack, [rule]).map(({ path, found, fix }) => `${path} ${found} | ${fix}`);
  });
}
