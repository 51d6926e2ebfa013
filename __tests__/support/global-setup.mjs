/**
 * Creates what many tests use: the bundled programs, a Postgres cluster to copy into their homes, and the specifications of
 * __tests__/fixtures/catalog, which the programs read instead of catalog/.
 */
import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { bundle, bundleFile } from "../../scripts/bundle.mjs";

export default async function setup() {
  const dist = resolve("dist");
  for (const entry of ["job/main.ts", "preview/main.ts", "deploy/main.ts"])
    await bundle(entry, bundleFile(entry));
  for (const program of ["postgres-template", "fixture-project"]) {
    await bundle(`__tests__/support/${program}.ts`, join(dist, `${program}.cjs`));
    execFileSync(process.execPath, [join(dist, `${program}.cjs`)]);
  }
  process.env.SPECIFICATIONS = join(dist, "fixtures", "specifications");
}
