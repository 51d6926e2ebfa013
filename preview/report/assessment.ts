import type { Action, LossClass, ResourceReference } from "./changes";

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

export interface FailedCheck {
  readonly stack: string;
  readonly address: string;
  readonly status: "fail" | "error" | "unknown";
  readonly problems: readonly string[];
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
