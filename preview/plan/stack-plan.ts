import type { Json, JsonObject } from "../json";

/** The parts of a stack's plan that the preview uses. Values are not masked: mask them before showing them. */
export interface StackPlan {
  readonly stack: string;
  readonly errored: boolean;
  /** False with -target, or if changes are deferred to a later plan. */
  readonly complete: boolean;
  /** All resources of the plan, including unchanged resources and data sources. */
  readonly resources: readonly PlannedResource[];
  readonly drift: readonly PlannedResource[];
  readonly outputs: readonly PlannedOutput[];
  /** Failed checks and conditions. */
  readonly checks: readonly PlannedCheck[];
  /** Resources, by address without index, that each resource refers to. */
  readonly references: ReadonlyMap<string, readonly string[]>;
  /** Configured attributes, by address without index. Empty if the plan does not contain its configuration. */
  readonly configured: ReadonlyMap<string, JsonObject>;
  /** Attributes of other resources that the plan depends on: `address.attribute`. */
  readonly relevant: readonly string[];
  /** Actions that Terraform invokes (version 1.14 and later). */
  readonly invocations: readonly string[];
  /** Sensitive values in addition to those that the resources flag. */
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
  /** Mirrors the structure of `after`: true if a value is known only after the apply. */
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

/** A value, and a mirrored structure that flags its sensitive parts. */
export interface FlaggedValue {
  readonly value: Json;
  readonly sensitive: Json;
}

/** The address without index keys: `module.a.t.n` for `module.a["x"].t.n[0]`. */
export function withoutIndex(address: string): string {
  return address.includes("[") ? address.replace(/\[(?:"(?:[^"\\]|\\.)*"|[^\]]*)\]/g, "") : address;
}
