import { exitCodes, type FailureKind } from "../dataset";
import { EmbeddedPostgresError } from "../embedded-postgres/error";
import { codeOf, messageOf } from "../errors/thrown";

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
    return exitCodes[this.kind].code;
  }

  /** The same failure with where it happened in front: `yellow_tripdata 2019-01: …`. */
  at(place: string): Failure {
    return new Failure(this.kind, `${place}: ${this.message}`, { cause: this.cause });
  }
}

/** Turns anything thrown into a Failure; disk and permission errors are known wherever they come from. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const message = messageOf(error);
  if (error instanceof EmbeddedPostgresError) return new Failure(error.kind, message, { cause: error });
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
