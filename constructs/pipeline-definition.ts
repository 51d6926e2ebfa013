import { periodExpressions } from "./period-expressions";
import {
  apiCall,
  goIf,
  lookUntil,
  setIf,
  type Step,
  type Subworkflow,
  type WorkflowSource,
} from "./workflow-source";

/** What the pipeline of one data set does. */
export interface Pipeline {
  /** Id of the data set, for the record. */
  readonly dataset: string;
  /** The Cloud Run job that ingests one period; it takes `run --period <period>` and ends with an exit code. */
  readonly job: { readonly project: string; readonly location: string; readonly name: string };
  /** Which periods there are, and which one is due. */
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
 * The pipeline of a data set as a Google Workflows program: transfer, then the periods, some at a time. A period
 * whose failure passes is tried again; after an integrity failure or drift no further period is begun; what else
 * fails, fails alone. Started with `{"from": "2019-01", "to": "2019-03"}` it ingests those periods, with nothing the
 * one that is due.
 */
export function pipelineDefinition(pipeline: Pipeline): WorkflowSource {
  const { dataset, job, transferJob } = pipeline;
  return {
    main: {
      params: ["args"],
      steps: [
        {
          begin: {
            assign: [{ input: {} }, { periods: [] }, { outcomes: [] }, { failures: [] }, { stopped: false }],
          },
        },
        setIf("arguments", "args != null", "input", "args"),
        ...periodSteps(pipeline.periods),
        ...(transferJob === undefined ? [] : [transferStep]),
        ingestStep(pipeline.parallelPeriods),
        { all_well: goIf("len(failures) == 0", "record") },
        {
          record_failures: {
            call: "sys.log",
            args: {
              severity: "ERROR",
              json: { dataset, periods: "${periods}", outcomes: "${outcomes}", ...failed },
            },
          },
        },
        {
          fail: {
            raise: {
              message: `\${"${dataset}: " + default(map.get(failures[0], "message"), "failed")}`,
              ...failed,
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

/** Why it failed, and whether periods were left out because of it. */
const failed = { failures: "${failures}", stopped: "${stopped}" };

/** Without its files no period is begun. */
const transferStep: Step = {
  transfer: {
    try: { call: "transfer", result: "transferred" },
    except: {
      as: "transfer_failure",
      steps: [
        {
          note_transfer: {
            assign: [{ failures: "${list.concat(failures, transfer_failure)}" }, { stopped: true }],
          },
        },
      ],
    },
  },
};

/**
 * Ingests the list `periods`. An error that leaves an iteration would not stop the others, and would hide what came
 * of them; so it is kept, and they are told.
 */
function ingestStep(parallelPeriods: number): Step {
  return {
    ingest_periods: {
      parallel: {
        shared: ["outcomes", "failures", "stopped"],
        concurrency_limit: parallelPeriods,
        for: {
          value: "period",
          in: "${periods}",
          steps: [{ unless_stopped: { switch: [{ condition: "${not(stopped)}", steps: [ingestOne] }] } }],
        },
      },
    },
  };
}

const ingestOne: Step = {
  ingest_one: {
    try: {
      steps: [
        { run: { call: "ingest", args: { period: "${period}" }, result: "outcome" } },
        { keep: { assign: [{ outcomes: "${list.concat(outcomes, outcome)}" }] } },
      ],
    },
    except: {
      as: "failure",
      steps: [
        { note: { assign: [{ failures: "${list.concat(failures, failure)}" }] } },
        setIf("grave", 'default(map.get(failure, "exitCode"), 0) in [3, 4]', "stopped", "true"),
      ],
    },
  },
};

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
    { any: goIf("first <= last", "not_too_many") },
    { nothing: { return: { periods: [], outcomes: [] } } },
    { not_too_many: goIf(`last - first < ${maxPeriods}`, "list_periods") },
    { too_many: { raise: `more than ${maxPeriods} periods are more than one execution can do; split them` } },
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

/** An execution has 100,000 steps and 512 KB for its variables; a period of an hour takes 250 steps. */
const maxPeriods = 400;

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
      { begin: { assign: [{ attempt: 1 }, { rest: 60 }, { meaning }] } },
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
      ...lookUntil('"completionTime" in seen.body', `\${"${api}" + execution}`, { first: 15, longest: 60 }),
      { succeeded: goIf('default(map.get(seen.body, "succeededCount"), 0) > 0', "succeed") },
      { look_why: apiCall("get", `\${"${api}" + execution + "/tasks"}`, "listed") },
      { none_yet: { assign: [{ exit_code: 0 }] } },
      setIf("tasks", '"tasks" in listed.body', "exit_code", exitCode),
      { again: goIf(`exit_code == 2 and attempt < ${maxAttempts}`, "recover") },
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
      { recover: { call: "sys.sleep", args: { seconds: "${rest}" } } },
      { next_attempt: { assign: [{ attempt: "${attempt + 1}" }, { rest: "${rest * 4}" }], next: "start" } },
      { succeed: { return: { period: "${period}", execution: "${execution}", attempts: "${attempt}" } } },
    ],
  };
}

/** The API leaves out what is 0, and the whole result of a task that never began. */
const exitCode = 'default(map.get(listed.body.tasks[0], ["lastAttemptResult", "exitCode"]), 0)';

const maxStarts = 3;

/**
 * Runs the transfer job and waits for its end. Where it is running already - it does so once at a time - that run is
 * waited for, and then another is started: the first may have looked at the source too early.
 */
function transfer(job: string, project: string): Subworkflow {
  const api = "https://storagetransfer.googleapis.com/v1/";
  const path = `${api}transferJobs/${job}`;
  return {
    steps: [
      { begin: { assign: [{ starts: 0 }] } },
      { try_to_start: { assign: [{ starts: "${starts + 1}" }, { started: null }, { refusal: null }] } },
      {
        start: {
          ...apiCall("post", `${path}:run`, "started", { projectId: project }),
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
      { look_for_other: apiCall("get", `${path}?projectId=${project}`, "found") },
      { there_is_one: goIf('"latestOperationName" in found.body', "other") },
      { there_is_none: { raise: "${refusal}" } },
      { other: { assign: [{ operation: "${found.body.latestOperationName}" }], next: "look_soon" } },
      { ours: { assign: [{ operation: "${started.body.name}" }] } },
      ...lookUntil('default(map.get(seen.body, "done"), false)', `\${"${api}" + operation}`, {
        first: 15,
        longest: 120,
      }),
      { was_other: goIf("refusal != null", "try_to_start") },
      { succeeded: goIf(`not("error" in seen.body) and ${status} == "SUCCESS"`, "succeed") },
      {
        fail: {
          raise: {
            message: `transfer ${job} failed`,
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

const status = 'default(map.get(seen.body, ["metadata", "status"]), "SUCCESS")';
