import type { Json, JsonObject } from "../json";

/** What a synthesis wrote: a folder such as cdktf.out, read. */
export interface SynthesizedApp {
  /** In the order of the manifest, which is an order of deployment. */
  readonly stacks: readonly SynthesizedStack[];
}

export interface SynthesizedStack {
  readonly name: string;
  /** Stacks that are deployed before this one. */
  readonly dependencies: readonly string[];
  readonly resources: readonly SynthesizedResource[];
  /** Outputs by name, as written. */
  readonly outputs: Readonly<Record<string, Json>>;
  /** Everything else that Terraform reads: providers, variables, locals, the backend. */
  readonly rest: JsonObject;
}

export interface SynthesizedResource {
  readonly address: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  /** Path in the tree of constructs, without a trailing `Resource`. */
  readonly path?: string;
  /** Where the code creates it, innermost frame first; empty where the synthesis does not say. */
  readonly source: readonly string[];
  /** Addresses in the same stack that it refers to. */
  readonly references: readonly string[];
  /** Its arguments, without comments (`"//"`), and with references replaced by what they refer to where that is written. */
  readonly arguments: JsonObject;
}
