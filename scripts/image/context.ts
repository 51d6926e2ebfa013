import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { bundled } from "../bundled";
import { npmInstall } from "../npm-install";

/**
 * Writes all that the ingest image is built from to a folder: the Dockerfile, the program as one file, and the engine
 * for the system that Cloud Run has, whatever system this is.
 *
 * @returns why the engine is not to be had, or undefined when all is there
 */
export async function writeContext(folder: string): Promise<string | undefined> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  copyFileSync(join("job", "Dockerfile"), join(folder, "Dockerfile"));
  bundled("job/main.ts", join(folder, "ingest.cjs"));
  // With a package.json of its own npm installs here and not in the project above.
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
  const engine = `@duckdb/node-bindings@${engineVersion()}`;
  const reason = await npmInstall(folder, ["--no-save", "--os=linux", "--cpu=x64", "--libc=glibc", engine]);
  return reason === undefined ? undefined : `${engine} is not to be had from npm: ${reason}`;
}

const lockFile = z.object({
  packages: z.record(z.string(), z.looseObject({ version: z.optional(z.string()) })),
});

/** Of the engine's native half, as the project has it locked. */
function engineVersion(): string {
  const { packages } = lockFile.parse(JSON.parse(readFileSync("package-lock.json", "utf8")));
  const version = packages["node_modules/@duckdb/node-bindings"]?.version;
  if (version === undefined) throw new Error("package-lock.json holds no @duckdb/node-bindings: npm install");
  return version;
}
