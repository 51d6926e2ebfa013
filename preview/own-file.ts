import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * A file of this room that is used as a file, wherever the command is run: beside this one, or, seen from a bundle, in
 * the project that holds the bundle.
 *
 * @param path in the project, `preview/synthesis/record-sources.cjs`
 */
export function ownFile(path: string): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, path))) return join(folder, path);
    if (dirname(folder) === folder) throw new Error(`there is no ${path} in ${__dirname} or above it`);
  }
}
