/** Bundles one entry file of the project to one CommonJS file under dist/, and returns its path. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/**
 * @param {string} entry path of the entry file, relative to the project
 * @returns {string} path of the bundle
 */
export function bundle(entry) {
  // The plan preview tells the line that creates a resource: it needs a source map, and `constructs` where it can watch it.
  const watched = process.env.TRIBUTARY_SOURCES !== undefined;
  const ending = watched ? ".watched.cjs" : ".cjs";
  const outfile = join(root, "dist", entry.replace(/\//g, "-").replace(/\.ts$/, ending));
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    target: "node20",
    // Google's Storage client tells an AbortSignal by its class's name. The stacks would pay for that with 10 MB.
    keepNames: entry.startsWith("job/"),
    // Native modules stay files, so does esbuild, which starts a program beside it; pg only tries to load pg-native.
    external: ["@duckdb/node-bindings*", "pg-native", "esbuild", ...(watched ? ["constructs"] : [])],
    sourcemap: watched && "inline",
    sourcesContent: false,
    logLevel: "warning",
  });
  const contents = outputFiles[0].contents;
  if (!same(outfile, contents)) {
    mkdirSync(dirname(outfile), { recursive: true });
    // Two commands may start at the same moment: a rename never shows the other a half-written file.
    const draft = `${outfile}.${process.pid}`;
    writeFileSync(draft, contents);
    renameSync(draft, outfile);
  }
  return outfile;
}

function same(file, contents) {
  try {
    return readFileSync(file).equals(contents);
  } catch {
    return false;
  }
}
