import type { Action, Difference, ResourceReference } from "./changes";

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
