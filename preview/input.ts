import type { Commits, Finding, ResourceReference, Truth } from "./report";
import type { SynthesizedApp } from "./synth/app";

/** Everything a report is made of. */
export interface PreviewInput {
  readonly plans: readonly PlanInput[];
  /** What base synthesizes. @default - no construct paths of what is deleted, no stacks that are gone */
  readonly base?: SynthesizedApp;
  /** What head synthesizes. @default - no construct paths, no order of stacks */
  readonly head?: SynthesizedApp;
  readonly truth: Truth;
  /** @default - not said */
  readonly commits?: Commits;
  /** Entries `<address>@<digest>` or `<stack>/<address>@<digest>` that the guard lets pass. @default - none */
  readonly allow?: readonly string[];
  /** Files found to cause changes. @default - changes are grouped by what they have in common */
  readonly causes?: readonly Cause[];
  /** Where the code creates resources. @default - not said */
  readonly sources?: readonly Source[];
  /** Findings of guardrails and scanners. @default - none */
  readonly findings?: readonly Finding[];
  /** What the reviewer must know besides. @default - nothing */
  readonly warnings?: readonly string[];
  /** Key of the hash by which secrets enter the digest. @default - derived from the plan */
  readonly digestKey?: string;
  /** Environment variables whose values are no secrets. @default - the platform's own */
  readonly plainVariables?: readonly string[];
  /** Whether a failing check alone makes the verdict "changed". @default false */
  readonly strictChecks?: boolean;
}

/** A stack's plan, why there is none, or what it waits for. */
export type PlanInput = PlannedInput | FailedInput | BlockedInput;

export interface PlannedInput {
  readonly stack: string;
  /** What `terraform show -json` printed. */
  readonly content: Uint8Array;
  /** What `terraform plan -json` printed, for errors that the plan does not hold. @default - none */
  readonly log?: string;
}

export interface FailedInput {
  readonly stack: string;
  /** What went wrong: a message, or the output of `terraform plan -json`. */
  readonly error: string;
}

export interface BlockedInput {
  readonly stack: string;
  /** The stack that has to be deployed first. */
  readonly blockedBy: string;
}

/** A file that causes changes, found by reverting it alone. */
export interface Cause {
  /** Path in the repository, or several that act only together. */
  readonly files: readonly string[];
  readonly resources: readonly ResourceReference[];
}

/** Where the code creates a resource, innermost frame first: `constructs/native-table.ts:49`. */
export interface Source {
  readonly stack: string;
  readonly address: string;
  readonly frames: readonly string[];
}
