import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { bundled } from "../bundled";
import { npmInstall } from "../npm-install";

/**
 * Writes the build context of the ingest image to a folder: the Dockerfile, the bundled program, and the engine for the
 * platform of Cloud Run, independent of the current platform.
 *
 * @returns why the engine is not available, or undefined on success
 */
export async function writeContext(folder: string): Promise<string | undefined> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  copyFileSync(join("job", "Dockerfile"), join(folder, "Dockerfile"));
  bundled("job/main.ts", join(folder, "ingest.cjs"));
  // With its own package.json, npm installs into this folder, not into the project.
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
  const engine = `@duckdb/node-bindings@${engineVersion()}`;
  const reason = await npmInstall(folder, ["--no-save", "--os=linux", "--cpu=x64", "--libc=glibc", engine]);
  return reason === undefined ? undefined : `${engine} is not available from npm: ${reason}`;
}

const lockFile = z.object({
  packages: z.record(z.string(), z.looseObject({ version: z.optional(z.string()) })),
});

/** Version of the engine's native module in the lock file. */
function engineVersion(): string {
  const { packages } = lockFile.parse(JSON.parse(readFileSync("package-lock.json", "utf8")));
  const version = packages["node_modules/@duckdb/node-bindings"]?.version;
  if (version === undefined)
    throw new Error("package-lock.json does not contain @duckdb/node-bindings: run npm install");
  return version;
}
