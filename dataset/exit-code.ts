/** The ingest job's exit codes: what the job ends with, and what whoever started it does about it. */

/** What an orchestrator does after an exit code. */
export type Reaction =
  /** Nothing: the period is done. */
  | "none"
  /** It starts the period again after a pause. */
  | "retry"
  /** It gives the period up and goes on with the others. */
  | "give up"
  /** It gives the period up and starts no further period of the data set: they would fail alike, or load bad data. */
  | "stop";

export interface ExitCode {
  readonly code: number;
  /** Two or three words, for alerts and logs: `schema drift`. */
  readonly title: string;
  /** What it means, as `--help` and the README print it. */
  readonly meaning: string;
  /** What a person does about it. */
  readonly advice: string;
  readonly reaction: Reaction;
}

export const exitCodes = {
  done: {
    code: 0,
    title: "done",
    meaning: "done; also when nothing had changed",
    advice: "",
    reaction: "none",
  },
  permanent: {
    code: 1,
    title: "permanent failure",
    meaning: "usage or permanent error: no such file, period out of range, wrong password",
    advice: "correct the command or its configuration",
    reaction: "give up",
  },
  retryable: {
    code: 2,
    title: "retryable failure",
    meaning: "retryable: network, database, full disk",
    advice: "run it again",
    reaction: "retry",
  },
  integrity: {
    code: 3,
    title: "integrity failure",
    meaning: "integrity: not gzip, cut short, counts that do not add up",
    advice: "look at the source",
    reaction: "stop",
  },
  drift: {
    code: 4,
    title: "schema drift",
    meaning: "schema drift: the header, or more rows than allowed, do not fit the specification",
    advice: "change the specification, or talk to the source",
    reaction: "stop",
  },
} as const satisfies Record<string, ExitCode>;

/** Why a job fails. */
export type FailureKind = Exclude<keyof typeof exitCodes, "done">;

/** All exit codes, in order. */
export const allExitCodes: readonly ExitCode[] = Object.values(exitCodes);

/** The codes after which an orchestrator does this. */
export function codesFor(reaction: Reaction): readonly number[] {
  return allExitCodes.filter((exit) => exit.reaction === reaction).map(({ code }) => code);
}
