import { statfs } from "node:fs/promises";

/** The embedded Postgres could not be started or stopped. The message says where, why and what to do. */
export class EmbeddedPostgresError extends Error {
  override readonly name = "EmbeddedPostgresError";
}

/** A new cluster takes 40 MB; below that much free space, in bytes, any failure may come from it. */
const little = 64 * 1024 * 1024;

/** The end of what a program wrote when it failed; before it, if that may be why, how full the disk of `folder` is. */
export async function explain(output: string, folder: string): Promise<string> {
  const end = output.trim().split("\n").slice(-12).join("\n");
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const text = end === "" ? "it wrote nothing" : end;
  return free < little
    ? `The disk of ${folder} has only ${Math.floor(free / 1024 / 1024)} MB free: make room and run again.\n${text}`
    : text;
}
