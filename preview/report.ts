import type {
  AccessChange,
  FailedCheck,
  Finding,
  GuardEntry,
  Loss,
  Obstacle,
  ProtectionChange,
} from "./report/assessment";
import type { Drift, OutputChange, ResourceChange } from "./report/changes";
import type { ChangeGroup, Cost, Graph, Touch } from "./report/context";

/**
 * The plan preview as a value. All content is masked; renderers escape it and define its layout.
 * `report.schema.json` describes the same value for other programs.
 */
export interface Report {
  /** Version of this format; incremented when a property is renamed or removed. */
  readonly version: 1;
  readonly verdict: Verdict;
  /** The verdict in one sentence. */
  readonly headline: string;
  readonly truth: Truth;
  /** The compared commits, if known. */
  readonly commits: Commits;
  /** Identifies exactly these changes: `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
  readonly counts: Counts;
  /** Failed checks, partial plans, missing inputs. */
  readonly warnings: readonly string[];
  readonly stacks: readonly StackSummary[];
  /** Changes that the guard rejects unless `--allow` names them. */
  readonly guard: readonly GuardEntry[];
  readonly losses: readonly Loss[];
  readonly obstacles: readonly Obstacle[];
  readonly access: readonly AccessChange[];
  readonly protections: readonly ProtectionChange[];
  readonly groups: readonly ChangeGroup[];
  /** All changed resources, ordered by stack and address. */
  readonly changes: readonly ResourceChange[];
  readonly outputs: readonly OutputChange[];
  /** Changes made outside of Terraform since the last apply. */
  readonly drift: readonly Drift[];
  readonly checks: readonly FailedCheck[];
  readonly touches: readonly Touch[];
  readonly cost: Cost;
  readonly findings: readonly Finding[];
  readonly graph: Graph;
}

/** `none`: no changes; `changed`: changes to review; `guard`: rejected by the guard; `error`: planning failed. */
export type Verdict = "none" | "changed" | "guard" | "error";

/**
 * `state`: planned against the state; `base`: against the state that base would create; `json`: synthesized JSON only.
 */
export type Truth = "state" | "base" | "json";

export interface Commits {
  readonly base?: string;
  readonly head?: string;
}

/** Number of resources by action. A move or an import with an update counts as both. */
export interface Counts {
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly delete: number;
  readonly forget: number;
  readonly move: number;
  readonly import: number;
  readonly read: number;
  /** Actions of newer Terraform versions. */
  readonly unknown: number;
  readonly output: number;
}

/**
 * `partial`: planned with -target, or with deferred changes; `blocked`: waits for another stack; `unplanned`: in head,
 * without a plan; `gone`: in base but not in head, so in no plan.
 */
export type StackStatus = "unchanged" | "changed" | "partial" | "errored" | "blocked" | "unplanned" | "gone";

export interface StackSummary {
  readonly name: string;
  readonly status: StackStatus;
  /** True if base does not contain the stack. */
  readonly isNew: boolean;
  readonly counts: Counts;
  /** The error, the blocking stack, or the resources that a removed stack still has. */
  readonly detail?: string;
  /** Stacks that must be deployed before this one. */
  readonly dependencies: readonly string[];
}
