/**
 * The plan preview as a value. What is in it is masked already and safe to show once it is escaped; renderers decide
 * only how it looks. `report.schema.json` describes the same value for other programs.
 */
export interface Report {
  /** Version of this shape; grows when something is renamed or removed. */
  readonly version: 1;
  readonly verdict: Verdict;
  /** The verdict in one sentence. */
  readonly headline: string;
  readonly truth: Truth;
  /** What was compared; absent where it is not known. */
  readonly commits: Commits;
  /** Names exactly these changes: `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
  readonly counts: Counts;
  /** What a reviewer must know before anything else: failing checks, partial plans, inputs that are missing. */
  readonly warnings: readonly string[];
  readonly stacks: readonly StackSummary[];
  /** What fails the guard, and what an `--allow` lets pass. */
  readonly guard: readonly GuardEntry[];
  readonly losses: readonly Loss[];
  readonly obstacles: readonly Obstacle[];
  readonly access: readonly AccessChange[];
  readonly protections: readonly ProtectionChange[];
  readonly groups: readonly ChangeGroup[];
  /** Every changed resource, in order of stack and address. */
  readonly changes: readonly ResourceChange[];
  readonly outputs: readonly OutputChange[];
  /** What changed outside of Terraform since the last apply. */
  readonly drift: readonly Drift[];
  readonly checks: readonly FailedCheck[];
  readonly touches: readonly Touch[];
  readonly cost: Cost;
  readonly findings: readonly Finding[];
  readonly graph: Graph;
}

/** `none`: no changes; `changed`: changes to review; `guard`: changes that need an allowance; `error`: not all could be planned. */
export type Verdict = "none" | "changed" | "guard" | "error";

/** `state`: planned against the state; `base`: against what base would have made; `json`: synthesized JSON alone. */
export type Truth = "state" | "base" | "json";

export interface Commits {
  readonly base?: string;
  readonly head?: string;
}

/** How many resources each action has. A move or an import with an update counts in both. */
export interface Counts {
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly delete: number;
  readonly forget: number;
  readonly move: number;
  readonly import: number;
  readonly read: number;
  /** Actions of a Terraform newer than this program. */
  readonly unknown: number;
  readonly output: number;
}

/**
 * `partial`: planned with -target, or in part deferred; `blocked`: waits for another stack; `unplanned`: in head, and
 * no plan was given; `gone`: in base, no longer in head, so in no plan.
 */
export type StackStatus = "unchanged" | "changed" | "partial" | "errored" | "blocked" | "unplanned" | "gone";

export interface StackSummary {
  readonly name: string;
  readonly status: StackStatus;
  /** True where base has no such stack. */
  readonly isNew: boolean;
  readonly counts: Counts;
  /** The error, what blocks it, what a gone stack still holds. */
  readonly detail?: string;
  /** Stacks that are deployed before this one. */
  readonly dependencies: readonly string[];
}

export type Action =
  "create" | "update" | "replace" | "delete" | "forget" | "move" | "import" | "read" | "unknown";

/**
 * What becomes of what a resource holds, worst first. `lost`: its data is deleted; `expires`: data is deleted later by a
 * rule; `forgotten`: stays, no longer managed; `recreated`: deleted or replaced without loss; `outage`: in place with an
 * outage; `none`: in place.
 */
export type LossClass = "lost" | "expires" | "forgotten" | "recreated" | "outage" | "none";

/** A resource in its stack. The key of a row is stack, address and deposed together. */
export interface ResourceReference {
  readonly stack: string;
  readonly address: string;
  /** Key of an object that is left over from an interrupted replacement. */
  readonly deposed?: string;
}

export interface ResourceChange extends ResourceReference {
  readonly type: string;
  readonly action: Action;
  /** The actions as Terraform names them. */
  readonly actions: readonly string[];
  readonly previousAddress?: string;
  readonly importId?: string;
  /** Path in the tree of constructs, `prod-warehouse/taxi_zones`. */
  readonly path?: string;
  /** Where the code creates it, innermost first: `constructs/native-table.ts:49`. */
  readonly source: readonly string[];
  /** Its name in the cloud, where it has one. */
  readonly name?: string;
  /** Why, in words: "forced by name", "requested by -replace", "no longer in the configuration". */
  readonly reason?: string;
  /** Attributes that force a replacement. */
  readonly forcedBy: readonly string[];
  readonly loss: LossClass;
  readonly differences: readonly Difference[];
  /** Differences left out: known after apply only, order of a set, copies that the provider makes. */
  readonly folded: number;
  /** Set where nothing but noise differs. */
  readonly noise?: "labels" | "computed";
}

/** One thing that differs. Values are masked, and shortened where they are long. */
export interface Difference {
  /** Attribute, in the terms of its meaning: `schema.currency`, `env.LOG_LEVEL`, `settings.tier`. */
  readonly path: string;
  readonly kind: "added" | "removed" | "changed";
  readonly before?: string;
  readonly after?: string;
  /** What the values alone do not say: "sensitive", "known after apply", "forces replacement". */
  readonly note?: string;
  /** Lines of a text that differ, with `+`, `-` or a space before each. */
  readonly lines?: readonly string[];
}

export interface GuardEntry extends ResourceReference {
  readonly rule: "data-loss" | "access";
  readonly reason: string;
  /** True where `--allow <address>@<digest>` names it. */
  readonly allowed: boolean;
}

export interface Loss extends ResourceReference {
  readonly type: string;
  readonly class: Exclude<LossClass, "none">;
  readonly action: Action | "collateral";
  /** What happens, "1,204 rows are deleted with the table". */
  readonly reason: string;
  /** How to get back, where there is a way. */
  readonly wayBack?: string;
  /** For collateral: the resource it goes with. It is not in the plan. */
  readonly parent?: string;
  readonly path?: string;
  readonly name?: string;
  readonly forcedBy: readonly string[];
}

/** Something that will stop the apply, or leave it half done. */
export interface Obstacle extends ResourceReference {
  /** `certain`: the plan alone shows it; `possible`: depends on what the plan does not know. */
  readonly certainty: "certain" | "possible";
  readonly reason: string;
  readonly remedy: string;
  /** How far the apply comes in that stack, where the order is known: "stops at step 3, after 4 grants are gone". */
  readonly progress?: string;
}

export interface AccessChange extends ResourceReference {
  readonly kind: "gained" | "lost" | "changed";
  /** `allUsers`, `group:…`, `serviceAccount:…`; or the kind of thing, such as a key. */
  readonly who: string;
  readonly before?: string;
  readonly after?: string;
  /** What the role is held on: `bucket prod-lake`. */
  readonly on: string;
  readonly condition?: string;
  /** True where the resource removes whoever it does not list. */
  readonly authoritative: boolean;
  /** Whether the account and the thing are both of this plan or this app. */
  readonly inside: boolean;
  /** Why the guard fails; absent where access does not become broader. */
  readonly broadening?: string;
}

/** A protection that is switched off or on: deletion protection, encryption, public access prevention, TLS. */
export interface ProtectionChange extends ResourceReference {
  readonly kind: "weakened" | "strengthened";
  readonly what: string;
}

/** Changes with one cause, across stacks. */
export interface ChangeGroup {
  readonly title: string;
  /** `catalog/taxi_zones.ts`, where the cause was found. */
  readonly cause?: string;
  readonly kind:
    "cause" | "labels" | "computed" | "renamed-value" | "renamed-construct" | "data-set" | "other";
  readonly members: readonly ResourceReference[];
  /** Statement to write, for a renamed construct. */
  readonly statement?: string;
  /** What all members have in common, `labels.team: data-platform -> data-engineering`. */
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
  /** True where an attribute that the plan uses drifted. */
  readonly relevant: boolean;
}

export interface FailedCheck {
  readonly stack: string;
  readonly address: string;
  readonly status: "fail" | "error" | "unknown";
  readonly problems: readonly string[];
}

/** What else is concerned: something that holds the name of a changed resource. */
export interface Touch {
  readonly kind: "data-set" | "table" | "schedule" | "alert" | "stack";
  readonly name: string;
  readonly because: string;
}

export interface Cost {
  readonly currency: "USD";
  /** Day of the price table. */
  readonly pricesOf: string;
  /** Sums of the fixed parts that are known, a month of 730 hours. */
  readonly before: number;
  readonly after: number;
  readonly rows: readonly CostRow[];
  /** Types of changed resources that cost by usage. */
  readonly usageBased: readonly string[];
}

export interface CostRow extends ResourceReference {
  readonly what: string;
  /** Undefined: the price is not known; never 0 for it. */
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

/** What changes, and one hop around it. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** Nodes left out to keep it readable. */
  readonly omitted: number;
}

export interface GraphNode {
  readonly id: string;
  readonly label: string;
  readonly stack: string;
  /** Undefined: unchanged, shown as a neighbour. */
  readonly action?: Action;
}

/** `from` needs `to`. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
}
