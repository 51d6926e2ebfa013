import { statfs } from "node:fs/promises";
import { codeOf } from "../errors/thrown";

/**
 * The embedded Postgres could not be started or stopped. The message contains the location, the reason and the remedy.
 * The kind is `retryable` if the same call can succeed later without a change.
 */
export class EmbeddedPostgresError extends Error {
  override readonly name = "EmbeddedPostgresError";
  constructor(
    readonly kind: "permanent" | "retryable",
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }
}

/** Whether a write failed because the disk is full. */
export function isDiskFull(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT"].includes(codeOf(error) ?? "");
}

/** In bytes. A new cluster takes 40 MB; with less free space than this, a full disk may be the cause of any failure. */
const lowDiskSpace = 64 * 1024 * 1024;

/**
 * Creates the error for a program that failed.
 *
 * @param what what failed: `Postgres in <folder> did not start`
 * @param output output of the program; its last lines become the reason
 * @param folder if its disk is almost full, the message says so first
 */
export async function programError(
  what: string,
  output: string,
  folder: string,
): Promise<EmbeddedPostgresError> {
  const end = output.trim().split("\n").slice(-12).join("\n");
  const text = end === "" ? "no output" : end;
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= lowDiskSpace) return new EmbeddedPostgresError("permanent", `${what}: ${text}`);
  const full = `the disk of ${folder} has only ${Math.floor(free / 1024 / 1024)} MB left: free some space and run the command again`;
  return new EmbeddedPostgresError("retryable", `${what}: ${full}\n${text}`);
}
