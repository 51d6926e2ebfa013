import type { Environment } from "../config";
import type { StackJson } from "./synthesized";

/**
 * An environment with Airflow as its orchestrator: its stack is in the golden files and on the page of permissions, and is
 * scanned, although the environment itself runs its pipelines with Google Workflows. Airflow starts no Spark batches.
 */
export function withComposer(environment: Environment): Environment {
  return { ...environment, orchestrator: "composer", spark: undefined };
}

/** The stack of Airflow. The others are those of the environment, but for some grants. */
export function composerStacks(stacks: ReadonlyMap<string, StackJson>): [string, StackJson][] {
  return [...stacks].filter(([name]) => name.endsWith("-composer"));
}
