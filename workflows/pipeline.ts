import { exitCodes, type Pipeline, pipelineRules } from "../dataset";
import { executionSubworkflow } from "./execution";
import { factsSubworkflow } from "./facts";
import { labelSubworkflow, numberSubworkflow } from "./period-expressions";
import { rangeSubworkflow, validSubworkflow } from "./range";
import { roundSubworkflow } from "./round";
import { goIf, setIf } from "./steps";
import { transferSubworkflow } from "./transfer";
import { transformSteps, transformSubworkflow } from "./transform";
import type { Step, WorkflowSource, WorkflowValue } from "../constructs/workflow-source";

/** A pipeline that Google Workflows runs. */
export interface WorkflowPipeline extends Pipeline {
  /** Name of the bucket with the specifications. */
  readonly specifications: string;
}

const { maxPeriods, rounds, rest } = pipelineRules;

/**
 * The pipeline as a Google Workflows program. Its argument is the data set and, to ingest others than the period that is
 * due, a range: `{"dataset": "trips", "from": "2019-01", "to": "2019-03"}`. It copies the files, if they are transferred,
 * and ingests the periods as the tasks of one execution. Those with a transient error are ingested again, alone. After an
 * integrity failure or schema drift no further period is started. Any other failure affects only its period. Then the
 * models that depend on the data set are built and tested, if there is a transform job, from the periods that succeeded.
 */
export function pipelineDefinition(pipeline: WorkflowPipeline): WorkflowSource {
  return {
    main: {
      params: ["args"],
      steps: [
        { named: goIf('default(map.get(args, "dataset"), "") != ""', "look_up") },
        {
          refuse: {
            raise: 'the argument must be {"dataset": "<id>"}, or also have "from" and "to": "2019-01"',
          },
        },
        { look_up: { call: "facts", args: { dataset: "${args.dataset}" }, result: "facts" } },
        { active: goIf("not(facts.retired)", "choose") },
        { retired: { raise: '${"data set " + args.dataset + " is retired: nothing is ingested"}' } },
        {
          choose: {
            call: "range",
            args: { facts: "${facts}", from: '${map.get(args, "from")}', to: '${map.get(args, "to")}' },
            result: "range",
          },
        },
        {
          begin: {
            assign: [
              { dataset: "${args.dataset}" },
              { count: "${range.last - range.first + 1}" },
              ...Object.entries({
                succeeded: 0,
                failed: 0,
                not_started: 0,
                executions: [],
                failures: [],
              }).map(([name, value]) => ({ [name]: value })),
              ...Object.entries({ stopped: false, reason: null, attempt: 1, rest: rest.first }).map(
                ([name, value]) => ({
                  [name]: value,
                }),
              ),
              // Those of the next round: all from the first to the last, or a list.
              { pending: "${count}" },
              { labels: "" },
            ],
          },
        },
        { any: goIf("count > 0", "not_too_many") },
        { nothing: { return: { dataset: "${dataset}", periods: null, succeeded: 0 } } },
        { not_too_many: goIf(`count <= ${maxPeriods}`, "name_first") },
        {
          too_many: {
            raise: `\${dataset + ": more than ${maxPeriods} periods do not fit into one execution: start several"}`,
          },
        },
        {
          name_first: {
            call: "label",
            args: { grain: "${facts.grain}", number: "${range.first}" },
            result: "first",
          },
        },
        {
          name_last: {
            call: "label",
            args: { grain: "${facts.grain}", number: "${range.last}" },
            result: "last",
          },
        },
        copyStep,
        { copied: goIf("stopped", "conclude") },
        ingestStep,
        { unanswered: goIf("stopped", "conclude") },
        { note_round: { assign: noted } },
        setIf("because", "reason == null or stopped", "reason", "outcome.reason"),
        { none_left: goIf("outcome.again_count == 0", "conclude") },
        { once_more: goIf(`not(stopped) and attempt < ${rounds}`, "recover") },
        setIf(
          "tried_enough",
          "reason == null",
          "reason",
          `"period " + text.split(outcome.again, ",")[0] + ": ${exitCodes.retryable.title}"`,
        ),
        giveUp,
        { recover: { call: "sys.sleep", args: { seconds: "${rest}" } } },
        {
          next_round: {
            assign: [
              { attempt: "${attempt + 1}" },
              { rest: `\${rest * ${rest.factor}}` },
              { labels: "${outcome.again}" },
              { pending: "${outcome.again_count}" },
            ],
            next: "ingest_round",
          },
        },
        { conclude: { assign: [{ transformed: null }] } },
        ...(pipeline.transform === undefined ? [] : transformSteps(pipeline.transform.job)),
        { summarize: { assign: [{ result }] } },
        { all_well: goIf("failed + not_started == 0 and not(stopped)", "record") },
        {
          record_failures: {
            call: "sys.log",
            args: { severity: "ERROR", json: "${result}" },
          },
        },
        {
          fail: {
            raise: {
              message:
                '${dataset + ": " + default(reason, string(not_started) + " periods were not started")}',
              result: "${result}",
            },
          },
        },
        { record: { call: "sys.log", args: { severity: "INFO", json: "${result}" } } },
        { finish: { return: "${result}" } },
      ],
    },
    facts: factsSubworkflow(pipeline.specifications),
    range: rangeSubworkflow,
    valid: validSubworkflow,
    number: numberSubworkflow,
    label: labelSubworkflow,
    transfer: transferSubworkflow(pipeline.project),
    round: roundSubworkflow(pipeline.parallelPeriods),
    execution: executionSubworkflow(pipeline),
    ...(pipeline.transform && { transform: transformSubworkflow(pipeline.transform) }),
  };
}

/** What the log and the result contain. Bounded, however many periods there are: the tasks' outcomes are in the log. */
const result = {
  dataset: "${dataset}",
  periods: { from: "${first}", to: "${last}", count: "${count}" },
  succeeded: "${succeeded}",
  failed: "${failed}",
  notStarted: "${not_started}",
  stopped: "${stopped}",
  failures: "${failures}",
  executions: "${executions}",
  transformed: "${transformed}",
};

/** When the files cannot be copied, no period is started. */
const copyStep: Step = {
  copy: {
    switch: [
      {
        condition: "${facts.transferJob != null}",
        steps: [
          {
            transfer: {
              try: { call: "transfer", args: { job: "${facts.transferJob}" }, result: "transferred" },
              except: { as: "failure", steps: [{ note_transfer: { assign: stoppedBy("failure") } }] },
            },
          },
        ],
      },
    ],
  },
};

/** Ingests the pending periods. Without an answer of Cloud Run, none of them is known to be complete. */
const ingestStep: Step = {
  ingest_round: {
    try: {
      call: "round",
      args: {
        dataset: "${dataset}",
        facts: "${facts}",
        start: "${range.first}",
        first: "${first}",
        last: "${last}",
        pending: "${pending}",
        labels: "${labels}",
        failures: "${failures}",
      },
      result: "outcome",
    },
    except: { as: "failure", steps: [{ note_failure: { assign: stoppedBy("failure") } }] },
  },
};

/** A failure that is not one of a period: of the transfer, or of a request to Cloud Run. */
function stoppedBy(failure: string): WorkflowValue[] {
  return [
    { stopped: true },
    { not_started: "${not_started + pending}" },
    { reason: `\${default(map.get(${failure}, "message"), "failed")}` },
    { failures: `\${list.concat(failures, ${failure})}` },
  ];
}

const noted: readonly WorkflowValue[] = [
  { succeeded: "${succeeded + outcome.succeeded}" },
  { failed: "${failed + outcome.failed}" },
  { not_started: "${not_started + outcome.not_started}" },
  { failures: "${outcome.failures}" },
  { stopped: "${outcome.stopped}" },
  { executions: "${list.concat(executions, outcome.execution)}" },
];

/** Periods with a transient error that are not ingested again: it was tried enough, or another one has stopped all. */
const giveUp: Step = {
  give_up: {
    assign: [
      { failed: "${failed + outcome.again_count}" },
      {
        given_up: {
          period: "${outcome.again}",
          exitCode: exitCodes.retryable.code,
          message: exitCodes.retryable.title,
        },
      },
      { failures: "${list.concat(failures, given_up)}" },
    ],
    next: "conclude",
  },
};
