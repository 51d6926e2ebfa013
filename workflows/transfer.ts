import type { Subworkflow } from "../constructs/workflow-source";
import { pipelineRules } from "../dataset";
import { apiCall, goIf, lookUntil } from "./steps";

/**
 * The subworkflow of a pipeline that runs the transfer job and waits until it ends. Only one run of a job can be active.
 * When there is one already, it waits for that run and then starts another, because the first may have listed the source
 * too early.
 */
export function transferSubworkflow(project: string): Subworkflow {
  const api = "https://storagetransfer.googleapis.com/v1/";
  return {
    params: ["job"],
    steps: [
      { begin: { assign: [{ starts: 0 }, { path: `\${"${api}transferJobs/" + job}` }] } },
      { try_to_start: { assign: [{ starts: "${starts + 1}" }, { started: null }, { refusal: null }] } },
      {
        start: {
          ...apiCall("post", '${path + ":run"}', "started", { body: { projectId: project } }),
          except: { as: "failure", steps: [{ refused: { assign: [{ refusal: "${failure}" }] } }] },
        },
      },
      { heard: goIf("refusal == null", "ours") },
      {
        running_already: goIf(
          `map.get(refusal, "code") in [400, 409] and starts < ${maxStarts}`,
          "look_for_other",
        ),
      },
      { not_started: { raise: "${refusal}" } },
      { look_for_other: apiCall("get", `\${path + "?projectId=${project}"}`, "found") },
      { there_is_one: goIf('"latestOperationName" in found.body', "other") },
      { there_is_none: { raise: "${refusal}" } },
      { other: { assign: [{ operation: "${found.body.latestOperationName}" }], next: "look_soon" } },
      { ours: { assign: [{ operation: "${started.body.name}" }] } },
      ...lookUntil(
        'default(map.get(seen.body, "done"), false)',
        `\${"${api}" + operation}`,
        pipelineRules.transfer,
      ),
      { was_other: goIf("refusal != null", "try_to_start") },
      { succeeded: goIf(`not("error" in seen.body) and ${status} == "SUCCESS"`, "succeed") },
      {
        fail: {
          raise: {
            message: '${"transfer " + job + " failed"}',
            operation: "${operation}",
            status: `\${${status}}`,
            error: '${map.get(seen.body, "error")}',
          },
        },
      },
      { succeed: { return: "${operation}" } },
    ],
  };
}

const maxStarts = pipelineRules.transferStarts;

const status = 'default(map.get(seen.body, ["metadata", "status"]), "SUCCESS")';
