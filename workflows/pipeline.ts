import { codesFor } from "../dataset";
import { ingestSubworkflow, type JobReference } from "./ingest";
import { periodExpressions } from "./period-expressions";
import { transferSubworkflow } from "./transfer";
import type { Step, WorkflowSource } from "../constructs/workflow-source";
import { goIf, setIf } from "./steps";

/** What the pipeline of one data set does. */
export interface Pipeline {
  /** Id of the data set, for the record. */
  readonly dataset: string;
  /** The Cloud Run job that ingests one period; it takes `run --period <period>` and ends with an exit code. */
  readonly job: JobReference;
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
    ingest: ingestSubworkflow(job),
    ...(transferJob !== undefined && { transfer: transferSubworkflow(transferJob, job.project) }),
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

/** As the workflow's language writes a list: `[3, 4]`. */
const stopping = `[${codesFor("stop").join(", ")}]`;

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
        setIf("grave", `default(map.get(failure, "exitCode"), 0) in ${stopping}`, "stopped", "true"),
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

/** An execution has 100,000 steps and 512 KB for its variables; a period of an hour takes 250 steps. */
const maxPeriods = 400;
