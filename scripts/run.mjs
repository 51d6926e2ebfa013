/** `node scripts/run.mjs <entry.ts> [arguments]`: bundles the entry file to dist/ and runs it in this process. */
import { createRequire } from "node:module";
import { bundle, bundleFile, faultText } from "./bundle.mjs";

const [entry, ...rest] = process.argv.slice(2);
const file = bundleFile(entry);
try {
  await bundle(entry, file);
} catch (error) {
  // One line per fault, with its file and position: a typo needs no stack trace.
  if (!("errors" in error)) throw error;
  for (const fault of error.errors) console.error(faultText(fault));
  process.exit(1);
}
process.argv = [process.argv[0], file, ...rest];
createRequire(import.meta.url)(file);
