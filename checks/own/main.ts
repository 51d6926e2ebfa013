/**
 * `npm run test:own [-- <jest options>]`: runs the tests on a copy of the project with other data sets and settings. What the
 * user changes in catalog/ and config/ must not fail a test of the product.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownProject } from "./copy";

const folder = mkdtempSync(join(tmpdir(), "own-"));
try {
  ownProject(folder);
  const run = (...args: readonly string[]) =>
    spawnSync("npm", args, { cwd: folder, stdio: "inherit" }).status ?? 1;
  process.exitCode = run("run", "golden") || run("test", "--", ...process.argv.slice(2));
} finally {
  rmSync(folder, { recursive: true });
}
