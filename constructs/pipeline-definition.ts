import { periodExpressions } from "./period-expressions";
import { apiCall, goIf, setIf, type Step, type Subworkflow, type WorkflowSource } from "./workflow-source";

/** What the pipeline of one data set does. */
export interface Pipeline {
  /** Id of the data set, for the record. */
  readonly dataset: string;
  /** The Cloud Run job that ingests one period; it takes `run --period <period>` and ends with an exit code. */
  readonly job: { readonly project: string; readonly location: string; readonly name: string };
  readonly periods: PipelinePeriods;
  /** Periods that are ingested at the same moment, 1 to 20. */
  readonly parallelPeriods: number;
  /** Name of the Storage Transfer job that brings the files. @default - they are where the job finds them */
  readonly transferJob?: string;
}

/** Which periods there are, and which is due when the pipeline is started without arguments. */
export type PipelinePeriods =
  | { readonly grain: "once" }
  | {
      readonly grain: "month" | "day";
      /** `2019-01` or `2019-01-31`; nothing before it is ingested. */
      readonly first: string;
      /** @default - there is none */
      readonly last?: string;
      /** The period that is due contains now, minus this many. */
      readonly behind: number;
      /** Whose clocks say what day it is. */
      readonly timeZone: string;
    };

/**
 * The pipeline of a data set as a Google Workflows program: transfer, then the periods, some at a time; a period
 * whose failure passes is tried again; integrity and drift stop everything. Started with `{"from": "2019-01", "to":
 * "2019-03"}` it ingests those periods, with nothing the one that is due.
 */
export function pipelineDefinition(pipeline: Pipeline): WorkflowSource {
  const { dataset, job, transferJob, parallelPeriods } = pipeline;
  return {
    main: {
      params: ["args"],
      steps: [
        { begin: { assign: [{ input: {} }, { periods: [] }, { outcomes: [] }] } },
        setIf("arguments", "args != null", "input", "args"),
        ...periodSteps(pipeline.periods),
        {
          work: {
            try: {
              steps: [
                ...(transferJob === undefined
                  ? []
                  : [{ transfer: { call: "transfer", result: "transferred" } }]),
                {
                  ingest_periods: {
                    parallel: {
                      shared: ["outcomes"],
                      concurrency_limit: parallelPeriods,
                      for: {
                        value: "period",
                        in: "${periods}",
                        steps: [
                          {
                            ingest_one: { call: "ingest", args: { period: "${period}" }, result: "outcome" },
                          },
                          { keep: { assign: [{ outcomes: "${list.concat(outcomes, outcome)}" }] } },
                        ],
                      },
                    },
                  },
                },
              ],
            },
            except: {
              as: "error",
              steps: [
                {
                  record_failure: {
                    call: "sys.log",
                    args: { severity: "ERROR", json: { dataset, periods: "${periods}", error: "${error}" } },
                  },
                },
                { fail: { raise: "${error}" } },
              ],
            },
          },
        },
        {
          record: {
            call: "sys.log",
            args: { severity: "INFO", json: { dataset, periods: "${periods}", outcomes: "${outcomes}" } },
          },
        },
        { finish: { return: { dataset, periods: "${periods}", outcomes: "${outcomes}" } } },
      ],
    },
    ingest: ingest(job),
    ...(transferJob !== undefined && { transfer: transfer(transferJob, job.project) }),
  };
}

/** Fills the list `periods`; ends the workflow when none is due. */
function periodSteps(periods: PipelinePeriods): Step[] {
  if (periods.grain === "once") return [{ only_one: { assign: [{ periods: ["once"] }] } }];
  const { numberOf, nameOf, numberAt } = periodExpressions(periods.grain);
  return [
    { due: { assign: [{ last: `\${${numberAt("sys.now()", periods.timeZone)} - ${periods.behind}}` }] } },
    setIf("until", 'map.get(input, "to") != null', "last", numberOf("input.to")),
    { one: { assign: [{ first: "${last}" }] } },
    setIf("since", 'map.get(input, "from") != null', "first", numberOf("input.from")),
    { earliest: { assign: [{ limit: `\${${numberOf(`"${periods.first}"`)}}` }] } },
    setIf("not_before", "first < limit", "first", "limit"),
    ...(periods.last === undefined
      ? []
      : [
          { latest: { assign: [{ limit: `\${${numberOf(`"${periods.last}"`)}}` }] } },
          setIf("not_after", "last > limit", "last", "limit"),
        ]),
    { any: goIf("first <= last", "list_periods") },
    { nothing: { return: { periods: [], outcomes: [] } } },
    {
      list_periods: {
        for: {
          value: "number",
          range: ["${first}", "${last}"],
          steps: [{ add: { assign: [{ periods: `\${list.concat(periods, ${nameOf("number")})}` }] } }],
        },
      },
    },
  ];
}

const maxAttempts = 3;

/** The job's exit codes, as its documentation has them. */
const meaning = {
  "1": "permanent failure",
  "2": "retryable failure",
  "3": "integrity failure",
  "4": "schema drift",
};

/** Ingests one period: starts an execution of the job, waits for its end, and judges its exit code. */
function ingest({ project, location, name }: Pipeline["job"]): Subworkflow {
  const api = "https://run.googleapis.com/v2/";
  return {
    params: ["period"],
    steps: [
      { begin: { assign: [{ attempt: 1 }, { pause: 60 }, { meaning }] } },
      {
        start: apiCall(
          "post",
          `${api}projects/${project}/locations/${location}/jobs/${name}:run`,
          "started",
          {
            overrides: { containerOverrides: [{ args: ["run", "--period", "${period}"] }] },
          },
        ),
      },
      { started_as: { assign: [{ execution: "${started.body.metadata.name}" }] } },
      { wait: { call: "sys.sleep", args: { seconds: 20 } } },
      { look: apiCall("get", `\${"${api}" + execution}`, "seen") },
      { running: goIf('not("completionTime" in seen.body)', "wait") },
      { succeeded: goIf('default(map.get(seen.body, "succeededCount"), 0) > 0', "succeed") },
      { look_why: apiCall("get", `\${"${api}" + execution + "/tasks"}`, "tasks") },
      {
        read_code: {
          assign: [
            { task: "${tasks.body.tasks[0]}" },
            { exit_code: '${default(map.get(task, ["lastAttemptResult", "exitCode"]), 0)}' },
          ],
        },
      },
      { again: goIf(`exit_code == 2 and attempt < ${maxAttempts}`, "rest") },
      {
        fail: {
          raise: {
            message:
              '${"period " + period + ": " + default(map.get(meaning, string(exit_code)), "the job was stopped")}',
            period: "${period}",
            exitCode: "${exit_code}",
            execution: "${execution}",
          },
        },
      },
      { rest: { call: "sys.sleep", args: { seconds: "${pause}" } } },
      { next_attempt: { assign: [{ attempt: "${attempt + 1}" }, { pause: "${pause * 4}" }], next: "start" } },
      { succeed: { return: { period: "${period}", execution: "${execution}", attempts: "${attempt}" } } },
    ],
  };
}

/** Runs the transfer job and waits for its end. */
function transfer(job: string, project: string): Subworkflow {
  const api = "https://storagetransfer.googleapis.com/v1/";
  return {
    steps: [
      { start: apiCall("post", `${api}transferJobs/${job}:run`, "started", { projectId: project }) },
      { wait: { call: "sys.sleep", args: { seconds: 30 } } },
      { look: apiCall("get", `\${"${api}" + started.body.name}`, "seen") },
      { running: goIf('not(default(map.get(seen.body, "done"), false))', "wait") },
      { succeeded: goIf('not("error" in seen.body)', "succeed") },
      { fail: { raise: { message: `transfer ${job} failed`, error: "${seen.body.error}" } } },
      { succeed: { return: "${started.body.name}" } },
    ],
  };
}
