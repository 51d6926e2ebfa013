/** Exit codes of the ingest job, and how an orchestrator and a person respond to them. */

/** How an orchestrator responds to an exit code. */
export type Reaction =
  /** No action: the period is complete. */
  | "none"
  /** Retry the period after a delay. */
  | "retry"
  /** Mark the period as failed and continue with the others. */
  | "give up"
  /** Mark the period as not started: a severe failure of another period is why. */
  | "skip"
  /** Mark the period as failed and start no further period of the data set: it would fail too, or load bad data. */
  | "stop";

export interface ExitCode {
  readonly code: number;
  /** Two or three words, for alerts and logs: `schema drift`. */
  readonly title: string;
  /** What it means, as shown by `--help` and in the README. */
  readonly meaning: string;
  /** What to do about it. */
  readonly advice: string;
  readonly reaction: Reaction;
}

export const exitCodes = {
  done: {
    code: 0,
    title: "done",
    meaning: "success, including when nothing changed",
    advice: "",
    reaction: "none",
  },
  permanent: {
    code: 1,
    title: "permanent failure",
    meaning: "usage or permanent error: file not found, period out of range, wrong password",
    advice: "correct the command or its configuration",
    reaction: "give up",
  },
  retryable: {
    code: 2,
    title: "retryable failure",
    meaning: "transient error: network, database, full disk",
    advice: "run the command again",
    reaction: "retry",
  },
  integrity: {
    code: 3,
    title: "integrity failure",
    meaning: "integrity failure: not a gzip file, truncated file, counts that do not match",
    advice: "check the source file",
    reaction: "stop",
  },
  drift: {
    code: 4,
    title: "schema drift",
    meaning: "schema drift: the header, or more rows than allowed, do not match the specification",
    advice: "update the specification, or contact the publisher",
    reaction: "stop",
  },
  skipped: {
    code: 5,
    title: "not started",
    meaning: "not started: another period of the same execution had exit code 3 or 4",
    advice: "correct the cause of that one, then run the command again",
    reaction: "skip",
  },
} as const satisfies Record<string, ExitCode>;

/** Why a job fails. */
export type FailureKind = Exclude<keyof typeof exitCodes, "done">;

/** All exit codes, in order. */
export const allExitCodes: readonly ExitCode[] = Object.values(exitCodes);

/** The codes to which an orchestrator responds in this way. */
export function codesFor(reaction: Reaction): readonly number[] {
  return allExitCodes.filter((exit) => exit.reaction === reaction).map(({ code }) => code);
}

/** The exit codes for the `--help` of a program, one per line. */
export function exitCodeHelp(): string {
  const codes = allExitCodes.map(
    ({ code, meaning, advice }) => `  ${code}  ${meaning}${advice === "" ? "" : `; ${advice}`}`,
  );
  return ["\nExit codes:", ...codes].join("\n");
}
