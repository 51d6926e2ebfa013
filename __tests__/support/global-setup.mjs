/** Creates what many tests use: the bundled ingest program, and a Postgres cluster to copy into their homes. */
import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { bundle, bundleFile } from "../../scripts/bundle.mjs";

export default function setup() {
  const dist = resolve("dist");
  for (const entry of ["job/main.ts", "preview/main.ts", "deploy/main.ts"]) bundle(entry, bundleFile(entry));
  bundle("__tests__/support/postgres-template.ts", join(dist, "postgres-template.cjs"));
  execFileSync(process.execPath, [join(dist, "postgres-template.cjs")]);
}
