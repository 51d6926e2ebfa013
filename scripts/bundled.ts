import { resolve } from "node:path";
import { buildSync } from "esbuild";

/**
 * Bundles an entry file the way scripts/bundle.mjs does, to any place.
 *
 * @param folder which `entry` is relative to. @default - the project
 * @returns the files it was made from, relative to the folder
 */
export function bundled(entry: string, outfile: string, folder = "."): string[] {
  const { metafile } = buildSync({
    absWorkingDir: resolve(folder),
    entryPoints: [entry],
    outfile,
    bundle: true,
    metafile: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    keepNames: entry.startsWith("job/"),
    external: ["@duckdb/node-bindings*", "pg-native", "esbuild"],
    logLevel: "warning",
  });
  return Object.keys(metafile.inputs);
}
