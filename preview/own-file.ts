import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Returns the path of a file of this project that is needed at run time, independently of the current folder: relative
 * to this file, or, in a bundle, to the project that contains the bundle.
 *
 * @param path in the project, `preview/synthesis/record-sources.cjs`
 */
export function ownFile(path: string): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, path))) return join(folder, path);
    if (dirname(folder) === folder)
      throw new Error(`${path} does not exist in ${__dirname} or its parent folders`);
  }
}
