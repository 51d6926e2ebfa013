import type { SchemaCache } from "../../preview/base/schema-cache";
import { settle } from "../../preview/base/settle";
import { configuration } from "../../terraform/stack-folder";
import type { StackCheck, SynthesizedStack, Tools } from "./check-stack";

/**
 * Checks that the preview without credentials can create the state of a stack: with it, the provider plans no change.
 *
 * @param check result of `checkStack`, which has initialized the stack
 */
export async function checkSettled(
  check: StackCheck,
  { folder, json }: SynthesizedStack,
  { terraform, providers }: Tools,
  schemas: SchemaCache,
): Promise<StackCheck> {
  if (check.steps.plan !== "ok") return check;
  const pluginDirs = [...providers.values()].map(({ pluginDir }) => pluginDir);
  const settings = { terraform, pluginDirs };
  const stack = { folder, configuration: configuration.parse(json) };
  const settled = await settle(folder, schemas.of(stack, settings), settings);
  if (settled.kind === "settled") return { ...check, steps: { ...check.steps, settle: "ok" } };
  const summary = "the preview without credentials cannot create the state of the stack";
  return {
    ...check,
    verdict: "failed",
    steps: { ...check.steps, settle: "failed" },
    diagnostics: [...check.diagnostics, { severity: "error", summary, detail: settled.error }],
  };
}
