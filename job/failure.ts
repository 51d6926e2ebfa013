import { exitCodes, type FailureKind } from "../dataset";
import { EmbeddedPostgresError } from "../embedded-postgres/error";
import { ConfigurationError } from "../errors/faults";
import { oneLine } from "../errors/one-line";
import { messageOf } from "../errors/thrown";
import { engineWords } from "./engine-words";

/**
 * An error with a kind, which determines the exit code. Its message says what was found, where, and what to do, in one
 * line of at most 500 printable characters.
 */
export class Failure extends Error {
  override readonly name = "Failure";
  constructor(
    readonly kind: FailureKind,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(options?.cause instanceof ConfigurationError ? message : oneLine(message), options);
  }

  get exitCode(): number {
    return exitCodes[this.kind].code;
  }

  /** The same failure with its place as a prefix: `yellow_tripdata 2019-01: …`. */
  at(place: string): Failure {
    return new Failure(this.kind, `${place}: ${this.message}`, { cause: this.cause });
  }
}

/**
 * Converts anything thrown to a Failure, and translates errors of engines and libraries.
 *
 * @param subject what the program was working on, for messages: the name of a file, `the warehouse`. @default - `the file`
 */
export function asFailure(error: unknown, subject?: string): Failure {
  if (error instanceof Failure) return error;
  const because = { cause: error };
  if (error instanceof EmbeddedPostgresError) return new Failure(error.kind, messageOf(error), because);
  if (error instanceof ConfigurationError) return new Failure("permanent", messageOf(error), because);
  const known = engineWords(error, subject);
  return new Failure(known?.kind ?? "permanent", known?.message ?? messageOf(error), because);
}
