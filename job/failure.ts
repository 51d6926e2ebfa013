/** Why a run stops, and what an orchestrator should do about it. The numbers are the program's exit codes. */
export const exitCodes = {
  /** Usage or permanent: running again without changing something ends the same way. */
  permanent: 1,
  /** Retryable: the network, a database or a disk was in the way; run again later. */
  retryable: 2,
  /** Integrity: bytes or counts are not what they should be. */
  integrity: 3,
  /** Schema drift: the source's columns or values do not fit the data set's specification. */
  drift: 4,
} as const;

export type FailureKind = keyof typeof exitCodes;

/** A failure that has been understood: its message says what was found, where, and what to do. */
export class Failure extends Error {
  override readonly name = "Failure";
  constructor(
    readonly kind: FailureKind,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }

  get exitCode(): number {
    return exitCodes[this.kind];
  }

  /** The same failure with where it happened in front: `yellow_tripdata 2019-01: …`. */
  at(place: string): Failure {
    return new Failure(this.kind, `${place}: ${this.message}`, { cause: this.cause });
  }
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` that Node's and Postgres' errors carry: `ENOENT`, `ECONNREFUSED`, `53100`. */
export function codeOf(error: unknown): string | undefined {
  // Not `instanceof Error`: jest runs our code in a realm of its own.
  const code = typeof error === "object" && error !== null && "code" in error && error.code;
  return typeof code === "string" ? code : undefined;
}

/** Turns anything thrown into a Failure; disk and permission errors are known wherever they come from. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const message = messageOf(error);
  const code = codeOf(error);
  if (
    code === "ENOSPC" ||
    code === "EDQUOT" ||
    code === "53100" ||
    /no space left on device/i.test(message)
  ) {
    return new Failure("retryable", `the disk is full: ${message}; make room and run again`, {
      cause: error,
    });
  }
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    return new Failure("permanent", `no permission: ${message}`, { cause: error });
  }
  return new Failure("permanent", message, { cause: error });
}
