import { chmodSync, copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runProgram } from "../../programs/program";

/**
 * Writes the build context of a base image that contains the Node.js of this machine and its shared libraries, like a
 * distroless image, for machines that cannot reach an image registry. Linux with glibc only.
 */
export async function writeBase(folder: string): Promise<void> {
  const root = join(folder, "rootfs");
  const { stdout } = await runProgram("ldd", [process.execPath]);
  const libraries = stdout.match(/\/\S+\.so[.\d]*/g) ?? [];
  for (const library of libraries) copyInto(root, library, library);
  copyInto(root, process.execPath, "/nodejs/bin/node");
  for (const name of ["tmp", "proc"]) mkdirSync(join(root, name), { recursive: true });
  chmodSync(join(root, "tmp"), 0o1777);
  writeFileSync(join(folder, "Dockerfile"), "FROM scratch\nCOPY rootfs /\n");
}

function copyInto(root: string, file: string, path: string): void {
  const target = join(root, path);
  if (existsSync(target)) return;
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(file, target);
}
