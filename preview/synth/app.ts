import type { Json, JsonObject } from "../json";

/** A synthesized app, the content of a folder such as cdktf.out. */
export interface SynthesizedApp {
  /** In the order of deployment. */
  readonly stacks: readonly SynthesizedStack[];
}

export interface SynthesizedStack {
  readonly name: string;
  /** Stacks that must be deployed before this one. */
  readonly dependencies: readonly string[];
  readonly resources: readonly SynthesizedResource[];
  /** Outputs by name. */
  readonly outputs: Readonly<Record<string, Json>>;
  /** All other settings: providers, variables, locals, the backend. */
  readonly rest: JsonObject;
}

export interface SynthesizedResource {
  readonly address: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  /** Construct path, without a trailing `Resource`. */
  readonly path?: string;
  /** Source location, innermost frame first; empty if unknown. */
  readonly source: readonly string[];
  /** Addresses in the same stack that the resource refers to. */
  readonly references: readonly string[];
  /** Arguments without comments (`"//"`). References to known values are resolved. */
  readonly arguments: JsonObject;
}
