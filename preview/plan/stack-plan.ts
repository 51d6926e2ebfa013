import type { Json, JsonObject } from "../json";

/** What the preview needs of one stack's plan. Values are in clear: nothing of it is shown unmasked. */
export interface StackPlan {
  readonly stack: string;
  readonly errored: boolean;
  /** False with -target, or where changes are deferred to a later plan. */
  readonly complete: boolean;
  /** Every resource of the plan, unchanged ones and data sources included. */
  readonly resources: readonly PlannedResource[];
  readonly drift: readonly PlannedResource[];
  readonly outputs: readonly PlannedOutput[];
  /** Checks and conditions that do not pass. */
  readonly checks: readonly PlannedCheck[];
  /** Resources, by address without index, that each resource refers to. */
  readonly references: ReadonlyMap<string, readonly string[]>;
  /** Attributes that the configuration sets, by address without index. Empty where the plan has no configuration. */
  readonly configured: ReadonlyMap<string, JsonObject>;
  /** Attributes of other resources on which the plan relies: `address.attribute`. */
  readonly relevant: readonly string[];
  /** Actions that Terraform invokes (1.14 and later). */
  readonly invocations: readonly string[];
  /** Values known to be secret besides those that the resources' own flags name. */
  readonly secrets: readonly FlaggedValue[];
}

export interface PlannedResource {
  readonly address: string;
  readonly deposed?: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly previousAddress?: string;
  readonly importId?: string;
  readonly actions: readonly string[];
  readonly reason?: string;
  readonly replacePaths: readonly (readonly Json[])[];
  readonly before: Json;
  readonly after: Json;
  /** Mirrors `after`: true where a value is known only after the apply. */
  readonly unknown: Json;
  readonly beforeSensitive: Json;
  readonly afterSensitive: Json;
}

export interface PlannedOutput {
  readonly name: string;
  readonly actions: readonly string[];
  readonly before: Json;
  readonly after: Json;
  readonly unknown: Json;
  readonly beforeSensitive: Json;
  readonly afterSensitive: Json;
}

export interface PlannedCheck {
  readonly address: string;
  readonly status: "fail" | "error" | "unknown";
  readonly problems: readonly string[];
}

/** A value, and the shape that says which parts of it are sensitive. */
export interface FlaggedValue {
  readonly value: Json;
  readonly sensitive: Json;
}

/** The address without its index keys: `module.a["x"].t.n[0]` is `module.a.t.n`. */
export function withoutIndex(address: string): string {
  return address.includes("[") ? address.replace(/\[(?:"(?:[^"\\]|\\.)*"|[^\]]*)\]/g, "") : address;
}
