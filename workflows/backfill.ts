import type { WorkflowSource } from "../constructs/workflow-source";
import { apiCall, goIf, lookUntil } from "./steps";

/** The pipelines that a backfill starts. */
export interface Backfill {
  /** Id of their project. */
  readonly project: string;
  /** Their region. */
  readonly location: string;
  /**
   * Name of a data set's pipeline.
   *
   * @param variable the workflow's variable that contains the id of the data set
   *
   * @param leading text in front of the name
   * @returns an expression of the workflow's language
   */
  readonly pipelineName: (variable: string, leading: string) => string;
  /** How many data sets are backfilled at the same time, 1 to 20. */
  readonly parallelDatasets: number;
}

/**
 * A Google Workflows program that runs the pipelines of several data sets. Its argument is
 * `{"datasets": ["yellow_tripdata"], "from": "2019-01", "to": "2019-12"}`. Each pipeline limits the range to its own
 * periods. When a pipeline fails, the others still run, and the backfill fails in the end.
 */
export function backfillDefinition({
  project,
  location,
  pipelineName,
  parallelDatasets,
}: Backfill): WorkflowSource {
  const api = "https://workflowexecutions.googleapis.com/v1/";
  const workflows = `${api}projects/${project}/locations/${location}/workflows/`;
  return {
    main: {
      params: ["args"],
      steps: [
        { started_bare: goIf("args == null", "refuse") },
        { given: goIf('"datasets" in args', "begin") },
        {
          refuse: {
            raise: 'the argument must be {"datasets": ["<id>"], "from": "2019-01", "to": "2019-12"}',
          },
        },
        {
          begin: {
            assign: [
              { range: { from: '${map.get(args, "from")}', to: '${map.get(args, "to")}' } },
              { outcomes: {} },
              { failures: {} },
            ],
          },
        },
        {
          fill_all: {
            parallel: {
              shared: ["outcomes", "failures"],
              concurrency_limit: parallelDatasets,
              for: {
                value: "dataset",
                in: "${args.datasets}",
                steps: [
                  {
                    fill_one: {
                      try: {
                        steps: [
                          {
                            run: {
                              call: "fill",
                              args: { dataset: "${dataset}", range: "${range}" },
                              result: "outcome",
                            },
                          },
                          { keep: { assign: [{ "outcomes[dataset]": "${outcome}" }] } },
                        ],
                      },
                      except: {
                        as: "failure",
                        steps: [{ note: { assign: [{ "failures[dataset]": "${failure}" }] } }],
                      },
                    },
                  },
                ],
              },
            },
          },
        },
        { all_well: goIf("len(failures) == 0", "finish") },
        {
          fail: {
            raise: {
              message: '${string(len(failures)) + " of " + string(len(args.datasets)) + " data sets failed"}',
              failures: "${failures}",
              outcomes: "${outcomes}",
            },
          },
        },
        { finish: { return: "${outcomes}" } },
      ],
    },
    fill: {
      params: ["dataset", "range"],
      steps: [
        {
          start: apiCall("post", `\${${pipelineName("dataset", workflows)} + "/executions"}`, "started", {
            argument: "${json.encode_to_string(range)}",
          }),
        },
        ...lookUntil('not(seen.body.state in ["ACTIVE", "QUEUED"])', `\${"${api}" + started.body.name}`, {
          first: 30,
          longest: 300,
        }),
        { succeeded: goIf('seen.body.state == "SUCCEEDED"', "succeed") },
        {
          fail: {
            raise: {
              message: '${dataset + ": the pipeline ended with state " + seen.body.state}',
              execution: "${started.body.name}",
              error: '${map.get(seen.body, "error")}',
            },
          },
        },
        { succeed: { return: "${json.decode(seen.body.result)}" } },
      ],
    },
  };
}
