import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { codeOf } from "../../errors/thrown";
import { Failure } from "../failure";

/**
 * What the file system knows of a source file.
 *
 * @throws Failure permanent when it does not exist, or is not a file
 */
export async function localFile(path: string): Promise<Stats> {
  const found = await stat(path).catch((error: unknown) => {
    throw codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR"
      ? new Failure("permanent", `${path} does not exist`, { cause: error })
      : error;
  });
  if (!found.isFile())
    throw new Failure("permanent", `${path} is not a file; specify a file, with {period} in its name`);
  return found;
}
