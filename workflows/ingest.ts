import { allExitCodes, exitCodes, runArguments } from "../dataset";
import type { Subworkflow } from "../constructs/workflow-source";
import { apiCall, goIf, lookUntil, setIf } from "./steps";

/** A Cloud Run job by its location and name. */
export interface JobReference {
  /** Id of its project. */
  readonly project: string;
  /** Its region. */
  readonly location: string;
  /** Its name. */
  readonly name: string;
}

/**
 * The subworkflow of a pipeline that ingests one period: it starts an execution of the job, waits until it ends, and
 * evaluates its exit code. A retryable failure is retried twice.
 */
export function ingestSubworkflow({ project, location, name }: JobReference): Subworkflow {
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
            overrides: { containerOverrides: [{ args: runArguments("${period}") }] },
          },
        ),
      },
      { started_as: { assign: [{ execution: "${started.body.metadata.name}" }] } },
      ...lookUntil('"completionTime" in seen.body', `\${"${api}" + execution}`, { first: 15, longest: 60 }),
      { succeeded: goIf('default(map.get(seen.body, "succeededCount"), 0) > 0', "succeed") },
      { look_why: apiCall("get", `\${"${api}" + execution + "/tasks"}`, "listed") },
      { none_yet: { assign: [{ exit_code: 0 }] } },
      setIf("tasks", '"tasks" in listed.body', "exit_code", exitCode),
      { again: goIf(`exit_code == ${exitCodes.retryable.code} and attempt < ${maxAttempts}`, "recover") },
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

/** The API omits an exit code of 0, and the whole result of a task that never started. */
const exitCode = 'default(map.get(listed.body.tasks[0], ["lastAttemptResult", "exitCode"]), 0)';

const maxAttempts = 3;

/** Meaning of each exit code except 0. */
const meaning = Object.fromEntries(
  allExitCodes.filter(({ reaction }) => reaction !== "none").map(({ code, title }) => [String(code), title]),
);
