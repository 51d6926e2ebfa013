import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The dbt project, relative to the folder of this project, in which all commands run. */
export const projectFolder = "transform";

/** Generated from the catalog by `npm run golden`. */
export const sourcesFile = join(projectFolder, "models", "sources.yml");

/** A file of the dbt project. */
export interface ProjectFile {
  /** `transform/models/core/fact_trips.sql` */
  readonly path: string;
  readonly text: string;
}

/** The files that determine what dbt builds: models, macros, and the configuration of the project. */
export function projectFiles(folder = projectFolder): readonly ProjectFile[] {
  const below = ["models", "macros"].flatMap((part) =>
    readdirSync(join(folder, part), { recursive: true, encoding: "utf8" }).map((name) => join(part, name)),
  );
  return ["dbt_project.yml", ...below]
    .filter((name) => /\.(sql|yml)$/.test(name))
    .sort()
    .map((name) => join(folder, name))
    .map((path) => ({ path, text: readFileSync(path, "utf8") }));
}

/**
 * Twelve hexadecimal digits that change when a table could be built differently. Descriptions do not count, nor do tests
 * of models: they are in YAML.
 */
export function projectDigest(files: readonly ProjectFile[]): string {
  const hash = createHash("sha256");
  for (const { path, text } of files) if (!/models\/.*\.yml$/.test(path)) hash.update(`${path}\n${text}\n`);
  return hash.digest("hex").slice(0, 12);
}
