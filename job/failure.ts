import { exitCodes, type FailureKind } from "../dataset";
import { EmbeddedPostgresError } from "../embedded-postgres/error";
import { ConfigurationError } from "../errors/faults";
import { oneLine } from "../errors/one-line";
import { messageOf } from "../errors/thrown";
import { engineWords } from "./engine-words";

/**
 * A failure that has been understood: its message says what was found, where, and what to do, in one line of at most
 * 500 printable characters.
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

  /** The same failure with where it happened in front: `yellow_tripdata 2019-01: …`. */
  at(place: string): Failure {
    return new Failure(this.kind, `${place}: ${this.message}`, { cause: this.cause });
  }
}

/**
 * Turns anything thrown into a Failure. What engines and libraries throw is said in our words.
 *
 * @param subject what was being worked on, for messages: a file's name, `the warehouse`. @default - `the file`
 */
export function asFailure(error: unknown, subject?: string): Failure {
  if (error instanceof Failure) return error;
  const because = { cause: error };
  if (error instanceof EmbeddedPostgresError) return new Failure(error.kind, messageOf(error), because);
  if (error instanceof ConfigurationError) return new Failure("permanent", messageOf(error), because);
  const known = engineWords(error, subject);
  return new Failure(known?.kind ?? "permanent", known?.message ?? messageOf(error), because);
}
