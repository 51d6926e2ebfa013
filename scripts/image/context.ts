import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundled } from "../bundled";
import { npmInstall } from "../npm-install";
import { lockedVersions } from "./lock-file";
import { billOfMaterials } from "./sbom";

/** The native module of the engine, in the project and in the image. */
const engine = "@duckdb/node-bindings";
const engineInImage = `${engine}-linux-x64`;

/**
 * Writes the build context of the ingest image to a folder: the Dockerfile, the bundled program, and the engine for the
 * platform of Cloud Run, independent of the current platform. Writes the bill of materials next to the folder.
 *
 * @returns why the engine is not available, or undefined on success
 */
export async function writeContext(folder: string): Promise<string | undefined> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  copyFileSync(join("job", "Dockerfile"), join(folder, "Dockerfile"));
  const inputs = bundled("job/main.ts", join(folder, "ingest.cjs"));
  // With its own package.json, npm installs into this folder, not into the project.
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
  const versions = lockedVersions();
  const version = versions.get(`node_modules/${engine}`);
  if (version === undefined) throw new Error(`package-lock.json does not contain ${engine}: run npm install`);
  const required = `${engine}@${version}`;
  const reason = await npmInstall(folder, ["--no-save", "--os=linux", "--cpu=x64", "--libc=glibc", required]);
  if (reason !== undefined) return `${required} is not available from npm: ${reason}`;
  const native = [engine, engineInImage].map((name) => `node_modules/${name}/package.json`);
  writeFileSync(billFile(folder), await billOfMaterials([...inputs, ...native], versions));
  return undefined;
}

/** Path of the bill of materials for a build context: `dist/image.cdx.json`. */
export function billFile(folder: string): string {
  return `${folder}.cdx.json`;
}
