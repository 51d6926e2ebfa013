import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorIn } from "./messages";
import type { Terraform } from "./terraform";

/** What came of planning a stack. */
export type StackPlan = PlannedStack | FailedStack;

export interface PlannedStack {
  readonly kind: "planned";
  /** What `terraform show -json` says of the plan. */
  readonly content: Buffer;
  /** What `terraform plan -json` printed. */
  readonly log: string;
}

export interface FailedStack {
  readonly kind: "failed";
  /** A sentence, or what `terraform plan -json` printed. */
  readonly error: string;
}

export interface PlanSettings {
  readonly terraform: Terraform;
  readonly pluginDirs: readonly string[];
  /** Whether the cloud is asked what there is now. @default true */
  readonly refresh?: boolean;
  /** Whether the plan destroys the stack. @default false */
  readonly destroy?: boolean;
  /**
   * Whether a state that another backend holds is copied to the backend of the configuration. @default false
   */
  readonly migrateState?: boolean;
  readonly signal?: AbortSignal;
}

/** Initializes, then plans. */
export async function initAndPlan(folder: string, settings: PlanSettings): Promise<StackPlan> {
  return (await initStack(folder, settings)) ?? planStack(folder, settings);
}

/** Initializes a stack in its folder. @returns what went wrong, or undefined */
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

/** Plans an initialized stack, and shows the plan. */
export async function planStack(folder: string, settings: PlanSettings): Promise<StackPlan> {
  const made = await makePlan(folder, settings);
  // Also after an error: Terraform writes what it planned until then, marked as errored.
  return made.kind === "failed" ? made : showPlan(folder, made.log, settings);
}

/**
 * Plans an initialized stack, without a lock, since nothing is written. What an earlier plan left in the folder is
 * removed first: a plan that fails early writes none, and the old one would be taken for it.
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
  return failed(error === "" ? "terraform plan wrote no plan" : error);
}

/** @param log what making the plan has printed */
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
