import { rmSync } from "node:fs";
import { join } from "node:path";
import { applyPlan } from "../terraform/apply-plan";
import { Interrupted, ProgramMissing } from "../terraform/child";
import { planFiles } from "../terraform/plan-stack";
import { runInOrder } from "../terraform/run-in-order";
import type { StackFolder } from "../terraform/stack-folder";
import { findTerraform, type Terraform } from "../terraform/terraform";
import { choose } from "./choose";
import { closing, succeeded } from "./closing";
import { approve, requireTerminal } from "./approve";
import { exitCodes } from "./exit-codes";
import { refuseDependents } from "./dependents";
import { peeringsOf, removePeering } from "./peering";
import { planStacks } from "./plan";
import { record, type Result } from "./record";
import { say } from "./say";
import { summaryOf } from "./summary";
import { synthesizeApp } from "./synthesize-app";
import type { Request } from "./request";

/** The first interruption lets Terraform shut down gracefully; the second one stops it at once. */
export interface Signals {
  readonly signal: AbortSignal;
  readonly force: AbortSignal;
}

/**
 * Synthesizes the app, plans the stacks, asks, and applies these plans in the order of the stacks; a destruction goes in
 * the reverse order. Nothing is applied unless everything could be planned.
 *
 * @returns the exit code
 * @throws Error when the app cannot be synthesized, a stack does not exist, or there is nobody to ask
 */
export async function run(request: Request, { signal, force }: Signals): Promise<number> {
  const { action, parallelism } = request;
  if (!request.autoApprove) requireTerminal();
  const terraform = await terraformOf(signal);
  const { outdir, stacks: all } = await synthesizeApp(request, signal);
  const { stacks, note } = choose(all, request);
  try {
    if (action === "destroy") await refuseDependents(stacks, all, { terraform, signal });
    const plans = await planStacks(stacks, { ...request, outdir, terraform, signal });
    say(summaryOf(plans, action));
    if (note !== undefined) say(note);
    if (plans.failed) return exitCodes.failed;
    if (plans.changing.length === 0) {
      remember(outdir, { action, outcomes: new Map(), unchanged: stacks });
      say(action === "deploy" ? "Nothing to change." : "Nothing to destroy.");
      return exitCodes.done;
    }
    if (!request.autoApprove && !(await approve(request, signal))) {
      say("Nothing was changed.");
      return signal.aborted ? exitCodes.interrupted : exitCodes.failed;
    }
    const outcomes = await runInOrder(plans.changing, { parallelism, signal }, async (stack) => {
      const { name, folder } = stack;
      say(`${name}: started`);
      const refused = action === "destroy" ? await withoutPeerings(stack, signal) : undefined;
      if (refused !== undefined) return refused;
      return applyPlan(folder, {
        terraform,
        signal,
        force,
        say: (line) => {
          say(plans.masks.message(`${name}: ${line}`));
        },
      });
    });
    remember(outdir, { action, outcomes, unchanged: plans.unchanged });
    say(closing(outcomes, plans, action));
    if (signal.aborted) return exitCodes.interrupted;
    return succeeded(outcomes) ? exitCodes.done : exitCodes.failed;
  } finally {
    // They hold secrets in clear.
    for (const { folder } of stacks)
      for (const name of planFiles) rmSync(join(folder, name), { force: true });
  }
}

/** Removes the peerings of a network that is about to be destroyed. @returns what went wrong, or undefined */
async function withoutPeerings(stack: StackFolder, signal: AbortSignal): Promise<string | undefined> {
  try {
    for (const peering of peeringsOf(stack)) await removePeering(peering, signal);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A record that cannot be written does not undo a deployment. */
function remember(outdir: string, result: Result): void {
  try {
    const recorded = record(outdir, result);
    if (recorded !== undefined) say(recorded);
  } catch (error) {
    say(`What is deployed was not recorded: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function terraformOf(signal: AbortSignal): Promise<Terraform> {
  try {
    return await findTerraform(process.env, "own", signal);
  } catch (error) {
    if (error instanceof Interrupted || !(error instanceof ProgramMissing)) throw error;
    throw new Error(`${error.message}: https://developer.hashicorp.com/terraform/install`);
  }
}
