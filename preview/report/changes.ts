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

/** A resource in its stack. Stack, address and deposed key together identify a change. */
export interface ResourceReference {
  readonly stack: string;
  readonly address: string;
  /** Key of an object that remains from an interrupted replacement. */
  readonly deposed?: string;
}

export type Action =
  "create" | "update" | "replace" | "delete" | "forget" | "move" | "import" | "read" | "unknown";

/**
 * Effect of a change on the data of a resource, worst first. `lost`: data is deleted; `expires`: a rule deletes data
 * later; `forgotten`: kept, but no longer managed; `recreated`: deleted or replaced without data loss; `outage`: updated
 * in place with an outage; `none`: updated in place, or new.
 */
export type LossClass = "lost" | "expires" | "forgotten" | "recreated" | "outage" | "none";

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
