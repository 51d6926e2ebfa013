import { execFileSync } from "node:child_process";
import * as z from "zod/mini";

/**
 * Bundles an entry file as `npm run` does, to any place. In a process of its own: scripts/bundle.mjs runs before
 * there is a bundle, so that it is not TypeScript.
 *
 * @param folder which `entry` is relative to. @default - the project
 * @returns the files it was made from, relative to the folder
 */
export function bundled(entry: string, outfile: string, folder = "."): string[] {
  const output = execFileSync(process.execPath, ["scripts/bundle.mjs", entry, outfile, folder], {
    encoding: "utf8",
  });
  return z.array(z.string()).parse(JSON.parse(output));
}
