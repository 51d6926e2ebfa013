/** `node scripts/run.mjs <entry.ts> [arguments]`: bundles the entry file to dist/ and runs it in this process. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.mjs";

const [entry, ...rest] = process.argv.slice(2);
const dist = join(dirname(fileURLToPath(import.meta.url)), "..", "dist");
const file = join(dist, entry.replaceAll("/", "-").replace(/\.ts$/, ".cjs"));
bundle(entry, file);
process.argv = [process.argv[0], file, ...rest];
createRequire(import.meta.url)(file);
