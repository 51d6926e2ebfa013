import { pipelineArguments, transformRuns, type TransformJob } from "../dataset";
import type { Step, Subworkflow } from "../constructs/workflow-source";
import { apiCall, goIf } from "./steps";

/** Builds the models of the pipeline's data set, unless nothing was ingested, and keeps the failure. */
export function transformSteps(job: string): readonly Step[] {
  return [
    { anything_new: goIf("succeeded == 0", "summarize") },
    {
      transform: {
        try: {
          call: "transform",
          args: { job, dataset: "${dataset}", first: "${first}", last: "${last}" },
          result: "transformed",
        },
        except: {
          as: "failure",
          steps: [
            {
              note_transform: {
                assign: [
                  { stopped: true },
                  {
                    reason:
                      '${default(reason, default(map.get(failure, "message"), "the transform failed"))}',
                  },
                  { failures: "${list.concat(failures, failure)}" },
                ],
              },
            },
          ],
        },
      },
    },
  ];
}

/**
 * The subworkflow that runs the transform job for periods of a data set, and returns the name of the execution. If it
 * fails, the error names the models and tests that failed.
 */
export function transformSubworkflow({ artifacts }: TransformJob): Subworkflow {
  const object = `"https://storage.googleapis.com/storage/v1/b/${artifacts}/o/" + text.url_encode(folder + "/summary.json")`;
  return {
    params: ["job", "dataset", "first", "last"],
    steps: [
      {
        options: {
          assign: [{ arguments: pipelineArguments((word) => `\${${word}}`).transform }, { found: null }],
        },
      },
      {
        execute: {
          call: "execution",
          args: { job: "${job}", tasks: 1, arguments: "${arguments}" },
          result: "execution",
        },
      },
      { succeeded: goIf("execution.succeeded > 0", "finish") },
      {
        place: {
          assign: [
            { parts: '${text.split(execution.name, "/")}' },
            { folder: `\${"${transformRuns}" + parts[len(parts) - 1]}` },
          ],
        },
      },
      {
        read: {
          try: { steps: [{ get: apiCall("get", `\${${object} + "?alt=media"}`, "found") }] },
          except: {
            as: "unread",
            // It ended before it could write one.
            steps: [
              {
                unknown: {
                  assign: [{ found: { body: { reason: "see the log of the execution", failures: [] } } }],
                },
              },
            ],
          },
        },
      },
      {
        fail: {
          raise: {
            message: '${"transform of " + dataset + ": " + found.body.reason}',
            execution: "${execution.name}",
            failures: "${found.body.failures}",
          },
        },
      },
      { finish: { return: "${execution.name}" } },
    ],
  };
}
