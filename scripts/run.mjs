/** `node scripts/run.mjs <entry.ts> [arguments]`: bundles the entry and runs it in this process. */
import { createRequire } from "node:module";
import { bundle } from "./bundle.mjs";

const [entry, ...rest] = process.argv.slice(2);
const file = bundle(entry);
process.argv = [process.argv[0], file, ...rest];
createRequire(import.meta.url)(file);
