import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundled } from "../bundled";
import { npmInstall } from "../npm-install";
import { lockedVersions } from "./lock-file";
import { billOfMaterials } from "./sbom";

/** The half of the engine that is not JavaScript, in the project and in the image. */
const engine = "@duckdb/node-bindings";
const engineInImage = `${engine}-linux-x64`;

/**
 * Writes all that the ingest image is built from to a folder: the Dockerfile, the program as one file, and the engine
 * for Cloud Run's system, whatever system this is. The bill of materials lies beside the folder.
 *
 * @returns why the engine is not available, or undefined when everything is there
 */
export async function writeContext(folder: string): Promise<string | undefined> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  copyFileSync(join("job", "Dockerfile"), join(folder, "Dockerfile"));
  const inputs = bundled("job/main.ts", join(folder, "ingest.cjs"));
  // With a package.json of its own npm installs here and not in the project above.
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
  const versions = lockedVersions();
  const version = versions.get(`node_modules/${engine}`);
  if (version === undefined) throw new Error(`package-lock.json has no ${engine}: npm install`);
  const wanted = `${engine}@${version}`;
  const reason = await npmInstall(folder, ["--no-save", "--os=linux", "--cpu=x64", "--libc=glibc", wanted]);
  if (reason !== undefined) return `${wanted} is not available from npm: ${reason}`;
  const native = [engine, engineInImage].map((name) => `node_modules/${name}/package.json`);
  writeFileSync(billFile(folder), await billOfMaterials([...inputs, ...native], versions));
  return undefined;
}

/** Where the bill of materials of an image's folder is: `dist/image.cdx.json`. */
export function billFile(folder: string): string {
  return `${folder}.cdx.json`;
}
