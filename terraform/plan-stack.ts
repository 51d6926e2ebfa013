import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorIn } from "./messages";
import type { Terraform } from "./terraform";

/** Result of planning a stack. */
export type StackPlan = PlannedStack | FailedStack;

export interface PlannedStack {
  readonly kind: "planned";
  /** Output of `terraform show -json`. */
  readonly content: Buffer;
  /** Output of `terraform plan -json`. */
  readonly log: string;
}

export interface FailedStack {
  readonly kind: "failed";
  /** A sentence, or the output of `terraform plan -json`. */
  readonly error: string;
}

export interface PlanSettings {
  readonly terraform: Terraform;
  readonly pluginDirs: readonly string[];
  /** Whether to refresh the state from the cloud. @default true */
  readonly refresh?: boolean;
  /** Whether the plan destroys the stack. @default false */
  readonly destroy?: boolean;
  /**
   * Whether a state that another backend holds is copied to the backend of the configuration. @default false
   */
  readonly migrateState?: boolean;
  readonly signal?: AbortSignal;
}

/** Initializes and plans a stack. */
export async function initAndPlan(folder: string, settings: PlanSettings): Promise<StackPlan> {
  return (await initStack(folder, settings)) ?? planStack(folder, settings);
}

/** Initializes a stack in its folder. @returns the failure, if any */
export async function initStack(
  folder: string,
  { terraform, pluginDirs, migrateState = false, signal }: PlanSettings,
): Promise<FailedStack | undefined> {
  const plugins = pluginDirs.map((pluginDir) => `-plugin-dir=${pluginDir}`);
  const { exitCode, stdout, stderr } = await terraform.run(
    [
      "init",
      "-input=false",
      "-no-color",
      ...(migrateState ? ["-migrate-state", "-force-copy"] : []),
      ...plugins,
    ],
    { folder, ...(signal && { signal }) },
  );
  if (exitCode === 0) return undefined;
  const error = errorIn(stderr) ?? (stderr.trim() || stdout.toString().trim());
  return failed(`terraform init failed: ${error}`);
}

/** Plans an initialized stack and returns the plan as JSON. */
export async function planStack(folder: string, settings: PlanSettings): Promise<StackPlan> {
  const made = await makePlan(folder, settings);
  // After an error, Terraform writes a partial plan marked as errored.
  return made.kind === "failed" ? made : showPlan(folder, made.log, settings);
}

/**
 * Plans an initialized stack, without a state lock, because nothing is written. An existing plan file is deleted first:
 * if planning fails early, Terraform does not overwrite it.
 */
export async function makePlan(
  folder: string,
  { terraform, refresh = true, destroy = false, signal }: PlanSettings,
): Promise<{ readonly kind: "made"; readonly log: string } | FailedStack> {
  for (const name of planFiles) rmSync(join(folder, name), { force: true });
  const modes = [...(refresh ? [] : ["-refresh=false"]), ...(destroy ? ["-destroy"] : [])];
  const { stdout, stderr } = await terraform.run(
    ["plan", "-json", "-input=false", "-lock=false", ...modes, `-out=${planFileName}`],
    { folder, ...(signal && { signal }) },
  );
  const log = stdout.toString();
  writeFileSync(join(folder, "plan.jsonl"), log, { mode: 0o600 });
  if (existsSync(join(folder, planFileName))) return { kind: "made", log };
  const error = log.includes('"@level":"error"') ? log : (errorIn(stderr) ?? stderr.trim());
  return failed(error === "" ? "terraform plan did not write a plan" : error);
}

/** @param log output of `terraform plan -json` */
export async function showPlan(
  folder: string,
  log: string,
  { terraform, signal }: PlanSettings,
): Promise<StackPlan> {
  const { exitCode, stdout, stderr } = await terraform.run(["show", "-json", planFileName], {
    folder,
    ...(signal && { signal }),
  });
  if (exitCode !== 0) return failed(`terraform show failed: ${errorIn(stderr) ?? stderr.trim()}`);
  writeFileSync(join(folder, "plan.json"), stdout, { mode: 0o600 });
  return { kind: "planned", content: stdout, log };
}

export const planFileName = "tributary.tfplan";

/** What planning leaves in the folder of a stack. It holds secrets in clear. */
export const planFiles = [planFileName, "plan.json", "plan.jsonl"] as const;

function failed(error: string): FailedStack {
  return { kind: "failed", error };
}
