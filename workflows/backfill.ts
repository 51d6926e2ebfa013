import type { Step, WorkflowSource } from "../constructs/workflow-source";
import { apiCall, goIf, lookUntil } from "./steps";

/** The pipeline that a backfill starts. */
export interface Backfill {
  /** Id of its project. */
  readonly project: string;
  /** Its region. */
  readonly location: string;
  /** Its name. */
  readonly pipeline: string;
  /** How many data sets are ingested at the same time, 1 to 20. */
  readonly parallelDatasets: number;
}

/** Failures whose details the error has; of the others, it has the data sets. */
const maxDetails = 100;

/**
 * A Google Workflows program that runs the pipeline for several data sets. Its argument is
 * `{"datasets": ["yellow_tripdata"], "from": "2019-01", "to": "2019-12"}`; without a range, each data set is ingested for
 * the period that is due. The pipeline limits the range to the periods of the data set. When it fails, the other data
 * sets are still ingested, and the backfill fails in the end.
 */
export function backfillDefinition({
  project,
  location,
  pipeline,
  parallelDatasets,
}: Backfill): WorkflowSource {
  const api = "https://workflowexecutions.googleapis.com/v1/";
  const executions = `${api}projects/${project}/locations/${location}/workflows/${pipeline}/executions`;
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
              for: { value: "dataset", in: "${args.datasets}", steps: [fillOne] },
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
          request: {
            assign: [{ argument: { dataset: "${dataset}", from: "${range.from}", to: "${range.to}" } }],
          },
        },
        {
          start: apiCall("post", executions, "started", {
            body: { argument: "${json.encode_to_string(argument)}" },
          }),
        },
        ...lookUntil('not(seen.body.state in ["ACTIVE", "QUEUED"])', `\${"${api}" + started.body.name}`, {
          first: 30,
          longest: 300,
        }),
        { succeeded: goIf('seen.body.state == "SUCCEEDED"', "read") },
        { why: { assign: [{ payload: '${default(map.get(seen.body, ["error", "payload"]), "")}' }] } },
        {
          fail: {
            raise: {
              message: '${dataset + ": the pipeline ended with state " + seen.body.state}',
              execution: "${started.body.name}",
              // The rest is in the execution.
              error: "${text.substring(payload, 0, math.min(len(payload), 500))}",
            },
          },
        },
        { read: { assign: [{ result: "${json.decode(seen.body.result)}" }] } },
        { succeed: { return: '${default(map.get(result, "succeeded"), 0)}' } },
      ],
    },
  };
}

/** Keeps how many periods succeeded, or the failure: a thousand results would not fit into the memory of a workflow. */
const fillOne: Step = {
  fill_one: {
    try: {
      steps: [
        { run: { call: "fill", args: { dataset: "${dataset}", range: "${range}" }, result: "outcome" } },
        { keep: { assign: [{ "outcomes[dataset]": "${outcome}" }] } },
      ],
    },
    except: {
      as: "failure",
      steps: [
        {
          note: {
            switch: [
              {
                condition: `\${len(failures) < ${maxDetails}}`,
                steps: [{ in_detail: { assign: [{ "failures[dataset]": "${failure}" }] } }],
              },
              {
                condition: true,
                steps: [
                  {
                    in_short: {
                      assign: [
                        { "failures[dataset]": '${default(map.get(failure, "execution"), "failed")}' },
                      ],
                    },
                  },
                ],
              },
            ],
          },
        },
      ],
    },
  },
};
