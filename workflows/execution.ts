import type { Subworkflow } from "../constructs/workflow-source";
import { type Pipeline, pipelineRules } from "../dataset";
import { apiCall, lookUntil } from "./steps";

export const runApi = "https://run.googleapis.com/v2/";

/**
 * The subworkflow that starts an execution of a Cloud Run job with arguments and a number of tasks, waits until it ends,
 * and returns its name and how many tasks succeeded.
 */
export function executionSubworkflow({
  project,
  location,
}: Pick<Pipeline, "location" | "project">): Subworkflow {
  const jobs = `${runApi}projects/${project}/locations/${location}/jobs/`;
  return {
    params: ["job", "tasks", "arguments"],
    steps: [
      {
        start: apiCall("post", `\${"${jobs}" + job + ":run"}`, "started", {
          body: { overrides: { taskCount: "${tasks}", containerOverrides: [{ args: "${arguments}" }] } },
        }),
      },
      { started_as: { assign: [{ execution: "${started.body.metadata.name}" }] } },
      ...lookUntil('"completionTime" in seen.body', `\${"${runApi}" + execution}`, pipelineRules.execution),
      {
        finish: {
          return: {
            name: "${execution}",
            succeeded: '${default(map.get(seen.body, "succeededCount"), 0)}',
          },
        },
      },
    ],
  };
}
