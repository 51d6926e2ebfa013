import { codesFor } from "../dataset";
import { ingestSubworkflow, type JobReference } from "./ingest";
import { periodExpressions } from "./period-expressions";
import { transferSubworkflow } from "./transfer";
import type { Step, WorkflowSource } from "../constructs/workflow-source";
import { goIf, setIf } from "./steps";

/** The pipeline of one data set. */
export interface Pipeline {
  /** Id of the data set, for logs and messages. */
  readonly dataset: string;
  /** The Cloud Run job that ingests one period. Its arguments are `run --period <period>`. */
  readonly job: JobReference;
  /** The periods of the data set, and which one is due. */
  readonly periods: PipelinePeriods;
  /** How many periods are ingested at the same time, 1 to 20. */
  readonly parallelPeriods: number;
  /** Name of the Storage Transfer Service job that copies the files. @default - the job reads them from their source */
  readonly transferJob?: string;
}

/** The periods of a data set, and which one is due when the pipeline is started without an argument. */
export type PipelinePeriods =
  | { readonly grain: "once" }
  | {
      readonly grain: "month" | "day";
      /** The first period: `2019-01` or `2019-01-31`. */
      readonly first: string;
      /** The last period. @default - the data set has no end */
      readonly last?: string;
      /** How many periods before the current one the period that is due is. */
      readonly behind: number;
      /** Time zone of the current date: `America/New_York`. */
      readonly timeZone: string;
    };

/**
 * The pipeline of a data set as a Google Workflows program: it copies the files, then ingests the periods, several at a
 * time. A retryable failure is retried. After an integrity failure or schema drift no further period is started. Any
 * other failure affects only its period. With the argument `{"from": "2019-01", "to": "2019-03"}` it ingests those
 * periods, without an argument the one that is due.
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

/** The failures, and whether periods were skipped because of them. */
const failed = { failures: "${failures}", stopped: "${stopped}" };

/** When the files cannot be copied, no period is started. */
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
 * Ingests the list `periods`. An unhandled error in one iteration would not stop the others, and would hide their
 * outcomes. So each error is caught and recorded, and a severe one sets `stopped`.
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

/** A list in the workflow's language: `[3, 4]`. */
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

/** Sets the list `periods`, and ends the workflow when none is due. */
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
    {
      too_many: {
        raise: `more than ${maxPeriods} periods do not fit into one execution: start several, with shorter ranges`,
      },
    },
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

/** A year of days. An execution can run 100,000 steps, and a period that takes an hour needs about 255. */
const maxPeriods = 366;
