import { copyFileSync, cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../../transform/driver/project";

/** Writes the build context of the transform image: the Dockerfile, the program, the locked packages, and the dbt project. */
export function writeTransformContext(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const file of ["Dockerfile", "run.py"])
    copyFileSync(join(projectFolder, "cloud", file), join(folder, file));
  copyFileSync(join(projectFolder, "requirements", "cloud.txt"), join(folder, "requirements.txt"));
  for (const part of ["dbt_project.yml", "profiles.yml", "macros", "models", "tests"]) {
    cpSync(join(projectFolder, part), join(folder, "project", part), { recursive: true });
  }
}
