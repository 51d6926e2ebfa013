import { resolve } from "node:path";
import { settingsOf, synthesize } from "../preview/synthesis/synthesize";
import type { Request } from "./request";
import { type StackFolder, stackFolders } from "../terraform/stack-folder";

/** What the app of this folder's cdktf.json synthesizes. */
export interface SynthesizedApp {
  /** The folder that cdktf.json names: `cdktf.out`. */
  readonly outdir: string;
  /** In the order of the manifest: each after those it depends on. */
  readonly stacks: readonly StackFolder[];
}

/**
 * Synthesizes the app to where `cdktf synth` does. What Terraform keeps beside a stack, such as its backend, stays.
 *
 * @throws SynthesisFailed with what the app wrote
 */
export async function synthesizeApp(
  { action, env: environment, stack = [] }: Pick<Request, "action" | "env" | "stack">,
  signal: AbortSignal,
): Promise<SynthesizedApp> {
  const project = process.cwd();
  const outdir = resolve(project, settingsOf(project).output);
  // The foundation is deployed before there are images, and everything can be removed.
  const isFirst = stack.length > 0 && stack.every((name) => name.endsWith("-foundation"));
  const isLenient = isFirst || action === "destroy";
  await synthesize({
    ...{ project, outdir, keep: true, environment, signal },
    ...(isLenient && { variables: { PLATFORM_FINDINGS: "warning" } }),
  });
  return { outdir, stacks: stackFolders(outdir) };
}
