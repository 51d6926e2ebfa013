import { allExitCodes, codesFor, exitCodes, pipelineArguments, pipelineRules } from "../dataset";
import type { Step, Subworkflow } from "../constructs/workflow-source";
import { runApi } from "./execution";
import { apiCall, goIf, setIf } from "./steps";

const { maxFailures, maxDetails } = pipelineRules;

/**
 * The subworkflow that ingests the pending periods as the tasks of one execution, and evaluates their exit codes.
 *
 * Which period a task ingests follows from its index: the nth from the one with the number `start`, or of the list `labels`, if it is not empty.
 * It returns the numbers of periods that succeeded, failed, and were not started, the failures so far, whether one was
 * severe, the reason to report, and the list of those to ingest `again`.
 */
export function roundSubworkflow(parallelPeriods: number): Subworkflow {
  return {
    params: ["dataset", "facts", "start", "first", "last", "pending", "labels", "failures"],
    steps: [
      {
        begin: {
          assign: [
            { titles },
            { given: '${text.split(labels, ",")}' },
            { succeeded: 0 },
            { failed: 0 },
            { not_started: 0 },
            { seen: 0 },
            { stopped: false },
            { reason: null },
            { again: "" },
            { again_count: 0 },
            { details: 0 },
            { page: "" },
            { job: "${facts.backfillJob}" },
            { tasks: "${pending}" },
            { arguments: argumentsFor("first").range },
          ],
        },
      },
      // The API refuses fewer tasks than run in parallel. A task without a period ends at once.
      setIf("at_least", `tasks < ${parallelPeriods}`, "tasks", String(parallelPeriods)),
      {
        alone: {
          switch: [
            {
              condition: "${pending == 1}",
              steps: [
                {
                  one_task: {
                    assign: [
                      { job: "${facts.job}" },
                      { tasks: 1 },
                      { arguments: argumentsFor("first").periods },
                    ],
                  },
                },
              ],
            },
          ],
        },
      },
      {
        list_given: {
          switch: [
            {
              condition: '${labels != ""}',
              steps: [
                {
                  as_list: { assign: [{ arguments: argumentsFor("labels").periods }] },
                },
              ],
            },
          ],
        },
      },
      {
        run: {
          call: "execution",
          args: { job: "${job}", tasks: "${tasks}", arguments: "${arguments}" },
          result: "executed",
        },
      },
      { incomplete: goIf("executed.succeeded < tasks", "list_tasks") },
      { all_done: { assign: [{ succeeded: "${pending}" }, { seen: "${pending}" }], next: "finish" } },
      {
        list_tasks: apiCall(
          "get",
          `\${"${runApi}" + executed.name + "/tasks?${query}&pageToken=" + page}`,
          "found",
        ),
      },
      { new_page: { assign: [{ outcomes: {} }] } },
      {
        each_task: {
          for: {
            value: "task",
            in: '${default(map.get(found.body, "tasks"), [])}',
            steps: taskSteps(),
          },
        },
      },
      {
        record_page: {
          call: "sys.log",
          args: {
            severity: "INFO",
            json: {
              dataset: "${dataset}",
              execution: "${executed.name}",
              succeededSoFar: "${succeeded}",
              outcomes: "${outcomes}",
            },
          },
        },
      },
      { next_page: { assign: [{ page: '${default(map.get(found.body, "nextPageToken"), "")}' }] } },
      { another_page: goIf('page != ""', "list_tasks") },
      setIf("without_first_comma", "again_count > 0", "again", "text.substring(again, 1, len(again))"),
      {
        finish: {
          return: {
            execution: "${executed.name}",
            succeeded: "${succeeded}",
            failed: "${failed}",
            // Cloud Run does not list a task that it has not created.
            not_started: "${not_started + pending - seen}",
            failures: "${failures}",
            stopped: "${stopped}",
            reason: "${reason}",
            again: "${again}",
            again_count: "${again_count}",
          },
        },
      },
    ],
  };
}

/** @param periods the variable with the periods that are listed */
function argumentsFor(periods: "first" | "labels") {
  return pipelineArguments((word) => `\${${word === "periods" ? periods : word}}`);
}

/** Of each task, its index and the result of its attempt: a task has several kilobytes, a page a hundred tasks. */
const query = "pageSize=100&fields=nextPageToken,tasks(index,lastAttemptResult(exitCode,status(code)))";

/** What each exit code but 0 says of the period. */
const titles = Object.fromEntries(
  allExitCodes.filter(({ reaction }) => reaction !== "none").map(({ code, title }) => [String(code), title]),
);

/** As the workflow's language writes a list: `[3, 4]`. */
const severe = `[${codesFor("stop").join(", ")}]`;

/**
 * What became of the period of a task. The API omits an index of 0 and an exit code of 0, and a task that never started,
 * or was stopped, has no exit code either.
 */
function taskSteps(): readonly Step[] {
  return [
    {
      exit: {
        assign: [
          { index: '${default(map.get(task, "index"), 0)}' },
          { code: '${default(map.get(task, ["lastAttemptResult", "exitCode"]), 0)}' },
          { status: '${default(map.get(task, ["lastAttemptResult", "status", "code"]), 0)}' },
        ],
      },
    },
    {
      judge: {
        switch: [
          { condition: "${index >= pending}", next: "continue" },
          {
            condition: '${"lastAttemptResult" in task and code == 0 and status == 0}',
            steps: [{ success: { assign: [{ succeeded: "${succeeded + 1}" }, { seen: "${seen + 1}" }] } }],
          },
          {
            condition: `\${details < ${maxDetails} or code in ${severe}}`,
            steps: failureSteps(),
          },
          {
            condition: true,
            steps: [{ uncounted: { assign: [{ failed: "${failed + 1}" }, { seen: "${seen + 1}" }] } }],
          },
        ],
      },
    },
  ];
}

/** Names the period of a task that has not succeeded, and decides what follows. */
function failureSteps(): readonly Step[] {
  return [
    {
      place: {
        assign: [{ seen: "${seen + 1}" }, { details: "${details + 1}" }, { number: "${start + index}" }],
      },
    },
    {
      name_period: {
        switch: [
          {
            condition: '${labels != ""}',
            steps: [{ from_list: { assign: [{ period: "${given[index]}" }] } }],
          },
          {
            condition: true,
            steps: [
              {
                from_range: {
                  call: "label",
                  args: { grain: "${facts.grain}", number: "${number}" },
                  result: "period",
                },
              },
            ],
          },
        ],
      },
    },
    {
      note_outcome: {
        assign: [
          { title: '${default(map.get(titles, string(code)), "the job was stopped")}' },
          { "outcomes[period]": "${title}" },
        ],
      },
    },
    {
      react: {
        switch: [
          {
            condition: `\${code == ${exitCodes.retryable.code}}`,
            steps: [
              {
                once_more: {
                  assign: [{ again: '${again + "," + period}' }, { again_count: "${again_count + 1}" }],
                },
              },
            ],
          },
          {
            condition: `\${code in [${codesFor("skip").join(", ")}]}`,
            steps: [{ skipped: { assign: [{ not_started: "${not_started + 1}" }] } }],
          },
          {
            condition: true,
            steps: [{ count_failure: { assign: [{ failed: "${failed + 1}" }] } }, ...keepFailure()],
          },
        ],
      },
    },
  ];
}

/** Keeps a failure that is not retried, and stops the pipeline after a severe one. */
function keepFailure(): readonly Step[] {
  return [
    {
      keep: {
        switch: [
          {
            condition: `\${len(failures) < ${maxFailures}}`,
            steps: [
              {
                keep_it: {
                  assign: [
                    { kept: { period: "${period}", exitCode: "${code}", message: "${title}" } },
                    { failures: "${list.concat(failures, kept)}" },
                  ],
                },
              },
            ],
          },
        ],
      },
    },
    {
      explain: {
        switch: [
          {
            condition: `\${code in ${severe}}`,
            steps: [
              { stop: { assign: [{ stopped: true }, { reason: '${"period " + period + ": " + title}' }] } },
            ],
          },
          {
            condition: "${reason == null}",
            steps: [{ first_reason: { assign: [{ reason: '${"period " + period + ": " + title}' }] } }],
          },
        ],
      },
    },
  ];
}
