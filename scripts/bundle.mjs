/**
 * Bundles an entry file of the project into one CommonJS file.
 *
 * `node scripts/bundle.mjs <entry.ts> <outfile> [folder]` prints the bundled files as JSON.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, buildSync } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/**
 * Whether the bundle is for the plan preview, which reports the line that creates a resource: it needs a source map, and
 * `constructs` outside of the bundle, where it can observe it.
 */
const traced = process.env.TRIBUTARY_SOURCES !== undefined;

/** Where `npm run` keeps the bundle of an entry file: in dist/. */
export function bundleFile(entry) {
  const name = entry.replaceAll("/", "-").replace(/\.ts$/, traced ? ".traced.cjs" : ".cjs");
  return join(root, "dist", name);
}

const common = { bundle: true, write: false, platform: "node", format: "cjs", target: "node20" };

/** The job's thread, which is a program of its own, as text: so the bundle stays one file. */
function threadIn(folder) {
  const entryPoints = ["job/fingerprint/csv-thread.ts"];
  const { outputFiles } = buildSync({ ...common, absWorkingDir: folder, entryPoints, minify: true });
  return outputFiles[0].text;
}

/** Files that each define one thing: a fault in one of them must not stop commands that do not need it. */
const single = /^(catalog|config)\/(?!index\.ts$)[^/]+\.ts$/;

/**
 * Bundles, and if that fails only because of files in catalog/ or config/, bundles again with a program in their place that
 * throws an error with the fault.
 */
async function built(options) {
  try {
    return buildSync(options);
  } catch (error) {
    const errors = error.errors ?? [];
    if (errors.length === 0 || errors.some(({ location }) => !single.test(location?.file ?? ""))) throw error;
    const faults = new Map(
      errors.map((one) => [resolve(options.absWorkingDir, one.location.file), faultText(one)]),
    );
    const broken = {
      name: "broken",
      setup: ({ onLoad }) => {
        onLoad({ filter: /[\\/](catalog|config)[\\/][^\\/]+\.ts$/ }, ({ path }) =>
          faults.has(path)
            ? { contents: `throw new Error(${JSON.stringify(faults.get(path))});` }
            : undefined,
        );
      },
    };
    return build({ ...options, plugins: [broken] });
  }
}

/** `catalog/orders.ts:12:3: Expected "}" but found ";"` */
export function faultText({ location, text }) {
  return location ? `${location.file}:${location.line}:${location.column + 1}: ${text}` : text;
}

/**
 * @param {string} entry path of the entry file, relative to the folder
 * @param {string} outfile path of the bundle
 * @param {string} folder root of the project to bundle
 * @returns {Promise<string[]>} the bundled files, relative to the folder
 */
export async function bundle(entry, outfile, folder = root) {
  const { outputFiles, metafile, warnings } = await built({
    ...common,
    absWorkingDir: folder,
    entryPoints: [entry],
    outfile,
    metafile: true,
    ...(entry.startsWith("job/") && { define: { CSV_THREAD: JSON.stringify(threadIn(folder)) } }),
    // Google's Storage client identifies an AbortSignal by its class name. For the stacks, this would cost 10 MB.
    keepNames: entry.startsWith("job/"),
    // A third less to read and compile when the job starts. Identifiers are kept for stack traces.
    minifyWhitespace: entry.startsWith("job/"),
    minifySyntax: entry.startsWith("job/"),
    // Node shows the line of an uncaught error.
    ...(entry.startsWith("job/") && { lineLimit: 200 }),
    // Native modules cannot be bundled, nor can esbuild, which starts a program next to it; pg-native is optional.
    external: ["@duckdb/node-bindings*", "pg-native", "esbuild", ...(traced ? ["constructs"] : [])],
    sourcemap: traced && "inline",
    sourcesContent: false,
    logLevel: "silent",
  });
  for (const warning of warnings) console.error(faultText(warning));
  const contents = outputFiles[0].contents;
  if (!same(outfile, contents)) {
    mkdirSync(dirname(outfile), { recursive: true });
    // Two commands may start at the same time: with a rename, neither sees a partially written file.
    const draft = `${outfile}.${process.pid}`;
    writeFileSync(draft, contents);
    renameSync(draft, outfile);
  }
  return Object.keys(metafile.inputs);
}

function same(file, contents) {
  try {
    return readFileSync(file).equals(contents);
  } catch {
    return false;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [entry, outfile, folder = root] = process.argv.slice(2);
  try {
    console.log(JSON.stringify(await bundle(entry, resolve(outfile), resolve(folder))));
  } catch (error) {
    if (!("errors" in error)) throw error;
    for (const one of error.errors) console.error(faultText(one));
    process.exitCode = 1;
  }
}
