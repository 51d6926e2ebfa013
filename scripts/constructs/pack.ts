import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Ended, runProgram } from "../../programs/program";
import { apiPage } from "./api-page";

/**
 * Compiles constructs/ to JavaScript with declarations, and packs it as npm publishes it.
 *
 * @param project folder of the project
 * @param target folder to which the tarball is written
 * @returns path of the tarball
 * @throws Error if the source does not compile or npm cannot pack it
 */
export async function packConstructs(project: string, target: string): Promise<string> {
  const source = resolve(project, "constructs");
  const folder = mkdtempSync(join(tmpdir(), "constructs-"));
  try {
    const tsc = resolve(project, "node_modules/typescript/bin/tsc");
    const compiled = await runProgram(process.execPath, [tsc, "-p", source, "--outDir", folder]);
    succeeded("tsc -p constructs", compiled);
    for (const file of ["package.json", "README.md"]) copyFileSync(join(source, file), join(folder, file));
    const license = resolve(project, "LICENSE");
    if (existsSync(license)) copyFileSync(license, join(folder, "LICENSE"));
    writeFileSync(join(folder, "API.md"), apiPage(source));
    const args = ["pack", "--silent", "--pack-destination", resolve(target)];
    const packed = succeeded("npm pack", await runProgram("npm", args, { cwd: folder }));
    return join(target, packed.stdout.trim());
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function succeeded(what: string, ended: Ended): Ended {
  if (ended.exitCode !== 0) throw new Error(`${what} failed:\n${ended.stdout}${ended.stderr}`);
  return ended;
}
