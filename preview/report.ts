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

export type Action =
  "create" | "update" | "replace" | "delete" | "forget" | "move" | "import" | "read" | "unknown";

/**
 * Effect of a change on the data of a resource, worst first. `lost`: data is deleted; `expires`: a rule deletes data
 * later; `forgotten`: kept, but no longer managed; `recreated`: deleted or replaced without data loss; `outage`: updated
 * in place with an outage; `none`: updated in place, or new.
 */
export type LossClass = "lost" | "expires" | "forgotten" | "recreated" | "outage" | "none";

/** A resource in its stack. Stack, address and deposed key together identify a change. */
export interface ResourceReference {
  readonly stack: string;
  readonly address: string;
  /** Key of an object that remains from an interrupted replacement. */
  readonly deposed?: string;
}

export interface ResourceChange extends ResourceReference {
  readonly type: string;
  readonly action: Action;
  /** The actions in Terraform's terms. */
  readonly actions: readonly string[];
  readonly previousAddress?: string;
  readonly importId?: string;
  /** Construct path: `prod-warehouse/taxi_zones`. */
  readonly path?: string;
  /** Source location, innermost frame first: `constructs/native-table.ts:49`. */
  readonly source: readonly string[];
  /** Name in the cloud, if any. */
  readonly name?: string;
  /** Reason of the action: "forced by name", "requested by -replace", "no longer in the configuration". */
  readonly reason?: string;
  /** Attributes that force a replacement. */
  readonly forcedBy: readonly string[];
  readonly loss: LossClass;
  readonly differences: readonly Difference[];
  /** Number of omitted differences: known after apply, order of a set, computed copies. */
  readonly folded: number;
  /** Set if only labels or computed attributes differ. */
  readonly noise?: "labels" | "computed";
}

/** One difference. Values are masked, and long values are truncated. */
export interface Difference {
  /** Path of the attribute: `schema.currency`, `env.LOG_LEVEL`, `settings.tier`. */
  readonly path: string;
  readonly kind: "added" | "removed" | "changed";
  readonly before?: string;
  readonly after?: string;
  /** Additional information: "sensitive", "known after apply", "forces replacement". */
  readonly note?: string;
  /** Line diff of a text; each line starts with `+`, `-` or a space. */
  readonly lines?: readonly string[];
}

export interface GuardEntry extends ResourceReference {
  readonly rule: "data-loss" | "access";
  readonly reason: string;
  /** True if `--allow <address>@<digest>` names it. */
  readonly allowed: boolean;
}

export interface Loss extends ResourceReference {
  readonly type: string;
  readonly class: Exclude<LossClass, "none">;
  readonly action: Action | "collateral";
  /** What happens: "1,204 rows (2.1 MB) are deleted". */
  readonly reason: string;
  /** How to recover the data, if possible. */
  readonly wayBack?: string;
  /** For collateral, which is not in the plan: the parent that is deleted. */
  readonly parent?: string;
  readonly path?: string;
  readonly name?: string;
  readonly forcedBy: readonly string[];
}

/** A reason why the apply will or may fail. */
export interface Obstacle extends ResourceReference {
  /** `certain`: follows from the plan; `possible`: depends on facts that are not in the plan. */
  readonly certainty: "certain" | "possible";
  readonly reason: string;
  readonly remedy: string;
  /** Progress of the apply up to the failure, if the order is known: "stops at step 3, after 4 grants are deleted". */
  readonly progress?: string;
}

export interface AccessChange extends ResourceReference {
  readonly kind: "gained" | "lost" | "changed";
  /** `allUsers`, `group:…`, `serviceAccount:…`, or a description such as "holders of the new key". */
  readonly who: string;
  readonly before?: string;
  readonly after?: string;
  /** Resource of the grant: `bucket prod-lake`. */
  readonly on: string;
  readonly condition?: string;
  /** True if the grant removes the role from identities that it does not list. */
  readonly authoritative: boolean;
  /** Whether both the identity and the resource belong to the plans or the app. */
  readonly inside: boolean;
  /** Why access becomes broader; absent if it does not. */
  readonly broadening?: string;
}

/** A changed protection: deletion protection, encryption, public access prevention, TLS. */
export interface ProtectionChange extends ResourceReference {
  readonly kind: "weakened" | "strengthened";
  readonly what: string;
}

/** Changes with the same cause, across stacks. */
export interface ChangeGroup {
  readonly title: string;
  /** File that causes the changes, if known: `catalog/taxi_zones.ts`. */
  readonly cause?: string;
  readonly kind:
    "cause" | "labels" | "computed" | "renamed-value" | "renamed-construct" | "data-set" | "other";
  readonly members: readonly ResourceReference[];
  /** Block to add to the configuration, for a renamed construct. */
  readonly statement?: string;
  /** Differences of all members: `labels.team: data-platform -> data-engineering`. */
  readonly common: readonly Difference[];
}

export interface OutputChange {
  readonly stack: string;
  readonly name: string;
  readonly action: "create" | "update" | "delete" | "unknown";
  readonly before?: string;
  readonly after?: string;
  readonly note?: string;
  /** Stacks that read it. */
  readonly consumers: readonly string[];
}

export interface Drift extends ResourceReference {
  readonly action: Action;
  readonly differences: readonly Difference[];
  /** True if the plan depends on a drifted attribute. */
  readonly relevant: boolean;
}

export interface FailedCheck {
  readonly stack: string;
  readonly address: string;
  readonly status: "fail" | "error" | "unknown";
  readonly problems: readonly string[];
}

/** An unchanged resource or stack that refers to the name of a changed resource. */
export interface Touch {
  readonly kind: "data-set" | "table" | "schedule" | "alert" | "stack";
  readonly name: string;
  readonly because: string;
}

export interface Cost {
  readonly currency: "USD";
  /** Date of the price table. */
  readonly pricesOf: string;
  /** Sum of the known fixed prices per month of 730 hours. */
  readonly before: number;
  readonly after: number;
  readonly rows: readonly CostRow[];
  /** Types of changed resources with usage-based prices. */
  readonly usageBased: readonly string[];
}

export interface CostRow extends ResourceReference {
  readonly what: string;
  /** Undefined if the price is unknown; never 0 in this case. */
  readonly before?: number;
  readonly after?: number;
  readonly note?: string;
}

/** A finding of the guardrails or of a scanner. */
export interface Finding {
  readonly tool: string;
  readonly rule: string;
  readonly level: "error" | "warning" | "note";
  readonly message: string;
  readonly stack?: string;
  readonly address?: string;
  readonly file?: string;
  readonly line?: number;
}

/** Changed resources and their direct neighbors. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** Number of resources that are not in the graph. */
  readonly omitted: number;
}

export interface GraphNode {
  readonly id: string;
  readonly label: string;
  readonly stack: string;
  /** Undefined for an unchanged neighbor. */
  readonly action?: Action;
}

/** `from` depends on `to`. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
}
