/** `node scripts/run.mjs <entry.ts> [arguments]`: bundles the entry file to dist/ and runs it in this process. */
import { createRequire } from "node:module";
import { bundle, bundleFile } from "./bundle.mjs";

const [entry, ...rest] = process.argv.slice(2);
const file = bundleFile(entry);
bundle(entry, file);
process.argv = [process.argv[0], file, ...rest];
createRequire(import.meta.url)(file);
