import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorIn } from "./messages";
import type { Terraform } from "./terraform";

/** What came of planning a stack. */
export type StackPlan =
  | { readonly kind: "planned"; readonly content: Buffer; readonly log: string; readonly planFile: string }
  | { readonly kind: "failed"; readonly step: "init" | "plan" | "show"; readonly error: string };

export interface PlanSettings {
  readonly terraform: Terraform;
  readonly pluginDirs: readonly string[];
  /** Whether the cloud is asked what there is now. @default true */
  readonly refresh?: boolean;
  readonly signal?: AbortSignal;
}

/** Initializes a stack in its folder. @returns what went wrong, or undefined */
export async function initStack(
  folder: string,
  { terraform, pluginDirs, signal }: PlanSettings,
): Promise<StackPlan | undefined> {
  const plugins = pluginDirs.map((pluginDir) => `-plugin-dir=${pluginDir}`);
  const { exitCode, stdout, stderr } = await terraform.run(
    ["init", "-input=false", "-no-color", ...plugins],
    { folder, ...(signal && { signal }) },
  );
  if (exitCode === 0) return undefined;
  const error = errorIn(stderr) ?? (stderr.trim() || stdout.toString().trim());
  return { kind: "failed", step: "init", error: `terraform init failed: ${error}` };
}

/**
 * Plans an initialized stack, without a lock, since nothing is written. What an earlier plan left in the folder is
 * removed first: a plan that fails early writes none, and the old one would be taken for it.
 */
export async function planStack(folder: string, settings: PlanSettings): Promise<StackPlan> {
  const { terraform, refresh = true, signal } = settings;
  const planFile = join(folder, planFileName);
  for (const name of [planFileName, "plan.json", "plan.jsonl"]) rmSync(join(folder, name), { force: true });

  const run = (...args: string[]) => terraform.run(args, { folder, ...(signal && { signal }) });
  const fresh = refresh ? [] : ["-refresh=false"];
  const planned = await run("plan", "-json", "-input=false", "-lock=false", ...fresh, `-out=${planFileName}`);
  const log = planned.stdout.toString();
  writeFileSync(join(folder, "plan.jsonl"), log, { mode: 0o600 });
  if (!existsSync(planFile)) {
    const error = log.includes('"@level":"error"') ? log : (errorIn(planned.stderr) ?? planned.stderr.trim());
    return { kind: "failed", step: "plan", error: error === "" ? "terraform plan wrote no plan" : error };
  }
  // Also after an error: Terraform writes what it planned until then, marked as errored.
  const shown = await run("show", "-json", planFileName);
  if (shown.exitCode !== 0)
    return {
      kind: "failed",
      step: "show",
      error: `terraform show failed: ${errorIn(shown.stderr) ?? shown.stderr.trim()}`,
    };
  writeFileSync(join(folder, "plan.json"), shown.stdout, { mode: 0o600 });
  return { kind: "planned", content: shown.stdout, log, planFile };
}

/** Initializes, then plans. */
export async function initAndPlan(folder: string, settings: PlanSettings): Promise<StackPlan> {
  return (await initStack(folder, settings)) ?? planStack(folder, settings);
}

export const planFileName = "tributary.tfplan";
