import type { Commits, Truth } from "./report";
import type { Finding } from "./report/assessment";
import type { ResourceReference } from "./report/changes";
import type { SynthesizedApp } from "./synth/app";

/** Input of a report. */
export interface PreviewInput {
  readonly plans: readonly PlanInput[];
  /** The synthesized base. @default - no paths of deleted resources, no removed stacks */
  readonly base?: SynthesizedApp;
  /** The synthesized head. @default - no construct paths, no stack order */
  readonly head?: SynthesizedApp;
  readonly truth: Truth;
  /** @default - unknown */
  readonly commits?: Commits;
  /** Changes that the guard allows: `<address>@<digest>` or `<stack>/<address>@<digest>`. @default - none */
  readonly allow?: readonly string[];
  /** Files that cause changes. @default - changes are grouped by similarity */
  readonly causes?: readonly Cause[];
  /** Source locations of resources. @default - unknown */
  readonly sources?: readonly Source[];
  /** Findings of guardrails and scanners. @default - none */
  readonly findings?: readonly Finding[];
  /** Additional warnings for the reviewer. @default - none */
  readonly warnings?: readonly string[];
  /** Key of the hash that includes secrets in the digest. @default - derived from the plan */
  readonly digestKey?: string;
  /** Environment variables whose values are not secret. @default - the platform's own variables */
  readonly plainVariables?: readonly string[];
  /** Whether a failing check alone makes the verdict "changed". @default false */
  readonly strictChecks?: boolean;
}

/** The plan of a stack, the reason why there is none, or the stack that blocks it. */
export type PlanInput = PlannedInput | FailedInput | BlockedInput;

export interface PlannedInput {
  readonly stack: string;
  /** Output of `terraform show -json`. */
  readonly content: Uint8Array;
  /** Output of `terraform plan -json`, for errors that the plan does not contain. @default - none */
  readonly log?: string;
}

export interface FailedInput {
  readonly stack: string;
  /** Error message, or the output of `terraform plan -json`. */
  readonly error: string;
}

export interface BlockedInput {
  readonly stack: string;
  /** Stack that must be deployed first. */
  readonly blockedBy: string;
}

/** A file that causes changes, determined by reverting it. */
export interface Cause {
  /** Path in the repository, or several paths that cause the changes only together. */
  readonly files: readonly string[];
  readonly resources: readonly ResourceReference[];
}

/** Source location of a resource, innermost frame first: `constructs/native-table.ts:49`. */
export interface Source {
  readonly stack: string;
  readonly address: string;
  readonly frames: readonly string[];
}
