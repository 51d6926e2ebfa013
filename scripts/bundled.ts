import { execFileSync } from "node:child_process";
import * as z from "zod/mini";

/**
 * Bundles an entry file, as `npm run` does. Runs scripts/bundle.mjs in a separate process; that file cannot be
 * TypeScript, because it runs before any bundle exists.
 *
 * @param folder root of the project to bundle; `entry` is relative to it. @default - this project
 * @returns the bundled files, relative to the folder
 */
export function bundled(entry: string, outfile: string, folder = "."): string[] {
  const output = execFileSync(process.execPath, ["scripts/bundle.mjs", entry, outfile, folder], {
    encoding: "utf8",
  });
  return z.array(z.string()).parse(JSON.parse(output));
}
