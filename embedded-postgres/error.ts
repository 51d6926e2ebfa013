import { statfs } from "node:fs/promises";
import { codeOf } from "../errors/thrown";

/**
 * The embedded Postgres could not be started or stopped. The message says where, why and what to do; the kind whether
 * the same call can succeed later without a change.
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

/** Whether the system refused to write because a disk is full. */
export function isDiskFull(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT"].includes(codeOf(error) ?? "");
}

/** A new cluster takes 40 MB; below that much free space, in bytes, any failure may come from it. */
const little = 64 * 1024 * 1024;

/**
 * The error of a program that failed.
 *
 * @param what the sentence that its reason completes: `Postgres in <folder> did not start`
 * @param output what the program wrote; its end is the reason, after how full the disk of `folder` is, if that may be it
 */
export async function programError(
  what: string,
  output: string,
  folder: string,
): Promise<EmbeddedPostgresError> {
  const end = output.trim().split("\n").slice(-12).join("\n");
  const text = end === "" ? "it wrote nothing" : end;
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= little) return new EmbeddedPostgresError("permanent", `${what}: ${text}`);
  const full = `the disk of ${folder} has only ${Math.floor(free / 1024 / 1024)} MB free: free some space and run again`;
  return new EmbeddedPostgresError("retryable", `${what}: ${full}\n${text}`);
}
