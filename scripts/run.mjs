/** `node scripts/run.mjs <entry.ts> [arguments]`: bundles the entry file to dist/ and runs it in this process. */
import { createRequire } from "node:module";
import { bundle, bundleFile } from "./bundle.mjs";

const [entry, ...rest] = process.argv.slice(2);
const file = bundleFile(entry);
try {
  bundle(entry, file);
} catch (error) {
  // esbuild has printed file, line and fault: a typo in a data set needs no stack trace.
  if (!("errors" in error)) throw error;
  process.exit(1);
}
process.argv = [process.argv[0], file, ...rest];
createRequire(import.meta.url)(file);
