import { cpSync, rmSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { prepareFolder } from "../files";
import type { PlanInput, PreviewInput } from "../input";
import { readApp } from "../synth/read";
import { readFacts } from "../synthesis/facts";
import { openSides, type SideOptions, type Sides } from "../synthesis/sides";
import { ProgramMissing } from "../../terraform/child";
import { keepState } from "../workspace/override";
import { type StackFolder, stackFolders } from "../../terraform/stack-folder";
import { type Credentials, findTerraform, type Terraform } from "../../terraform/terraform";
import { copyUntrusted } from "../workspace/untrusted";
import { planAgainstBase } from "./against-base";
import { inputsOf, planAgainstState } from "./against-state";
import type { Planned, Tools } from "./tools";
import { parseJson } from "../plan/parse-json";

export interface PlanOptions extends Omit<SideOptions, "compare"> {
  readonly credentials: boolean;
  /** Whether the plans may be applied. @default false */
  readonly writes?: boolean;
  /** Whether to compare with base if possible. @default true */
  readonly compare?: boolean;
  /** Output folder of `synth`, which may come from untrusted code. */
  readonly synthesized?: string | undefined;
  /** Stacks to plan. @default - all */
  readonly stack?: readonly string[] | undefined;
  /** Stacks to omit. @default - none */
  readonly except?: readonly string[] | undefined;
  /** Folder for stacks, plans and logs, which contain secrets in plain text. @default - they are deleted */
  readonly keep?: string | undefined;
}

/** Result of planning an app. */
export interface PlannedApp {
  readonly terraform: Terraform;
  /** Stacks with their plan files, in the order of deployment; empty without credentials. */
  readonly planned: readonly Planned[];
  /** Input of the report. */
  readonly input: PreviewInput;
}

/** Synthesizes the app, and initializes and plans all stacks in parallel. */
export async function planApp(
  options: PlanOptions,
  workspace: string,
  signal: AbortSignal,
): Promise<PlannedApp> {
  if (options.keep !== undefined) prepareFolder("--keep", options.keep);
  const terraform = await terraformFor(options.credentials ? "own" : "none", signal);
  const sides =
    options.synthesized === undefined
      ? await openSides({ ...options, compare: comparison(options) }, workspace, signal)
      : takeSides(options.synthesized, options, workspace);
  const stacks = chosen(stackFolders(sides.head, parseJson), options);
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
    const { plans, planned } = options.credentials
      ? await againstState(stacks, sides, tools, options)
      : { plans: await againstBase(stacks, sides, tools), planned: [] };
    return { terraform, planned, input: inputFor(plans, sides, options.credentials) };
  } finally {
    if (options.keep !== undefined) keep(sides.head, options.keep);
  }
}

function comparison({ credentials, compare = true }: PlanOptions): SideOptions["compare"] {
  if (!credentials) return "always";
  return compare ? "if possible" : "never";
}

async function againstState(
  stacks: readonly StackFolder[],
  sides: Sides,
  tools: Tools,
  { writes = false }: PlanOptions,
) {
  for (const stack of stacks) keepState(stack, join(sides.original, "stacks", stack.name));
  const planned = await planAgainstState(stacks, tools, { writes });
  return { planned, plans: inputsOf(planned) };
}

async function againstBase(stacks: readonly StackFolder[], sides: Sides, tools: Tools) {
  return planAgainstBase(sides.base === undefined ? [] : stackFolders(sides.base, parseJson), stacks, tools);
}

function inputFor(plans: readonly PlanInput[], sides: Sides, credentials: boolean): PreviewInput {
  const { base, head, commits, causes, sources, warnings } = sides;
  return {
    plans,
    ...(base !== undefined && { base: readApp(base) }),
    head: readApp(head),
    truth: credentials ? "state" : "base",
    commits,
    causes,
    sources,
    warnings: [...warnings, ...adviceFor(plans, credentials)],
  };
}

function adviceFor(plans: readonly PlanInput[], credentials: boolean): string[] {
  const refused = plans.some(
    (plan) => "error" in plan && /credential|oauth2|unauthenticated/i.test(plan.error),
  );
  return credentials && refused
    ? ["If you have no credentials, use --no-credentials to plan against the state that base would create."]
    : [];
}

async function terraformFor(credentials: Credentials, signal: AbortSignal): Promise<Terraform> {
  try {
    return await findTerraform(process.env, credentials, signal);
  } catch (error) {
    if (!(error instanceof ProgramMissing)) throw error;
    throw new Error(
      `${error.message}; see https://developer.hashicorp.com/terraform/install. To compare synthesized JSON ` +
        "without Terraform, run `npm run preview -- diff`",
    );
  }
}

/** The output of `synth`. It is validated, because untrusted code may have written it. */
function takeSides(folder: string, options: PlanOptions, workspace: string): Sides {
  const facts = readFacts(folder);
  const sides = { base: join(workspace, "base"), head: join(workspace, "head") };
  for (const side of ["base", "head"] as const) copyUntrusted(join(folder, side), sides[side]);
  const base = options.baseCommit ?? facts.base;
  const head = options.headCommit ?? facts.head;
  return {
    ...sides,
    original: sides.head,
    commits: { ...(base !== undefined && { base }), ...(head !== undefined && { head }) },
    causes: facts.causes,
    sources: facts.sources,
    warnings: facts.warnings,
  };
}

/** @throws Error with the available stacks if a selected stack does not exist */
function chosen(stacks: readonly StackFolder[], { stack = [], except = [] }: PlanOptions): StackFolder[] {
  const names = stacks.map(({ name }) => name);
  const unknown = [...stack, ...except].find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Error(`stack "${unknown}" does not exist; available: ${names.join(", ")}`);
  return stacks.filter(({ name }) => (stack.length === 0 || stack.includes(name)) && !except.includes(name));
}

function keep(head: string, folder: string): void {
  rmSync(join(folder, "stacks"), { recursive: true, force: true });
  cpSync(head, folder, { recursive: true, filter: (path) => basename(path) !== ".terraform" });
}
