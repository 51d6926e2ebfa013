import { cpSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import type { PlanInput, PreviewInput } from "../input";
import { planAgainstBase } from "../plans/against-base";
import { inputsOf, planAgainstState } from "../plans/against-state";
import type { Planned, Tools } from "../plans/tools";
import { ProgramMissing } from "../terraform/child";
import { keepState } from "../terraform/override";
import { type StackFolder, stackFolders } from "../terraform/stack-folder";
import { type Credentials, findTerraform, type Terraform } from "../terraform/terraform";
import { copyUntrusted } from "../terraform/untrusted";
import { readFacts } from "./facts";
import { openSides, type SideOptions, type Sides } from "./sides";

export interface PlanOptions extends Omit<SideOptions, "baseNeeded"> {
  readonly credentials: boolean;
  /** A folder that `synth` wrote, perhaps elsewhere and by code that is not trusted. */
  readonly synthesized?: string | undefined;
  /** Only these. @default - all */
  readonly stack?: readonly string[] | undefined;
  /** Not these. @default - none */
  readonly except?: readonly string[] | undefined;
  /** Where to leave stacks, plans and logs, which hold secrets in clear. @default - they are removed */
  readonly keep?: string | undefined;
}

/** What a plan came to. */
export interface PlanResult {
  readonly sides: Sides;
  readonly terraform: Terraform;
  /** In the order of deployment. */
  readonly inputs: readonly PlanInput[];
  /** With their plan files; empty without credentials. */
  readonly planned: readonly Planned[];
}

/** Synthesizes, initializes and plans all stacks at the same time. */
export async function plan(
  options: PlanOptions,
  workspace: string,
  signal: AbortSignal,
): Promise<PlanResult> {
  const terraform = await terraformFor(options.credentials ? "own" : "none", signal);
  const sides =
    options.synthesized === undefined
      ? await openSides({ ...options, baseNeeded: !options.credentials }, workspace, signal)
      : takeSides(options.synthesized, options, workspace);
  const stacks = chosen(stackFolders(sides.head), options);
  const tools: Tools = {
    terraform,
    cache: resolve("node_modules", ".cache", "tributary", "preview-providers"),
    mirror: process.env.TRIBUTARY_PROVIDER_MIRROR,
    signal,
    onDone: (stack, outcome) => {
      if (process.stderr.isTTY) process.stderr.write(`${stack}: ${outcome}\n`);
    },
  };
  try {
    if (!options.credentials) {
      const base = sides.base === undefined ? [] : stackFolders(sides.base);
      return { sides, terraform, inputs: await planAgainstBase(base, stacks, tools), planned: [] };
    }
    for (const stack of stacks) keepState(stack, join(sides.original, "stacks", stack.name));
    const planned = await planAgainstState(stacks, tools);
    return { sides, terraform, inputs: inputsOf(planned), planned };
  } finally {
    if (options.keep !== undefined) keep(sides.head, options.keep);
  }
}

/** A report's input, but for what the command line adds. */
export function previewInputOf(
  { sides, inputs }: PlanResult,
  credentials: boolean,
): Pick<PreviewInput, "plans" | "truth" | "commits" | "causes" | "sources" | "warnings"> {
  return {
    plans: inputs,
    truth: credentials ? "state" : "base",
    commits: sides.commits,
    causes: sides.causes,
    sources: sides.sources,
    warnings: sides.warnings,
  };
}

async function terraformFor(credentials: Credentials, signal: AbortSignal): Promise<Terraform> {
  try {
    return await findTerraform(process.env, credentials, signal);
  } catch (error) {
    if (!(error instanceof ProgramMissing)) throw error;
    throw new Error(
      `${error.message}: https://developer.hashicorp.com/terraform/install. Without it, ` +
        "`npm run preview -- diff` compares what is synthesized",
    );
  }
}

/** What `synth` has written. Whoever wrote it, Terraform here must not do what it should not. */
function takeSides(folder: string, options: PlanOptions, workspace: string): Sides {
  const facts = readFacts(folder);
  const sides = { base: join(workspace, "base"), head: join(workspace, "head") };
  for (const side of ["base", "head"] as const) copyUntrusted(join(folder, side), sides[side]);
  const base = options.baseCommit ?? facts.base;
  const head = options.headCommit ?? facts.head;
  return {
    ...sides,
    original: join(workspace, "head"),
    commits: { ...(base !== undefined && { base }), ...(head !== undefined && { head }) },
    causes: facts.causes,
    sources: facts.sources,
    warnings: facts.warnings,
  };
}

/** @throws Error naming the stacks there are, when one is asked for that is not there */
function chosen(stacks: readonly StackFolder[], { stack = [], except = [] }: PlanOptions): StackFolder[] {
  const names = stacks.map(({ name }) => name);
  const unknown = [...stack, ...except].find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`there is no stack "${unknown}"; there are ${names.join(", ")}`);
  return stacks.filter(({ name }) => (stack.length === 0 || stack.includes(name)) && !except.includes(name));
}

function keep(head: string, folder: string): void {
  rmSync(join(folder, "stacks"), { recursive: true, force: true });
  cpSync(head, folder, { recursive: true, filter: (path) => !path.includes(join("", ".terraform")) });
}
