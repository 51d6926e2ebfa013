import type { Environment } from "../config";
import type { StackJson } from "./synthesized";

/**
 * An environment with a Kafka cluster: its stack is in the golden files and on the page of permissions, although the
 * environment itself has none.
 */
export function withStreaming(environment: Environment): Environment {
  return {
    ...environment,
    streaming: {
      vcpus: 3,
      memoryGib: 3,
      retentionDays: 7,
      producers: ["meters@replace-me.iam.gserviceaccount.com"],
      consumers: ["sink@replace-me.iam.gserviceaccount.com"],
    },
  };
}

/** The stack of Kafka. The others are those of the environment, but for some grants. */
export function streamingStacks(stacks: ReadonlyMap<string, StackJson>): [string, StackJson][] {
  return [...stacks].filter(([name]) => name.endsWith("-streaming"));
}
