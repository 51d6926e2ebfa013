/**
 * Writes dist/fixtures/, the parts of a project that depend on the catalog, made from the catalog of the tests: the
 * specifications for the ingest program, and the dbt project with its sources. Commands that run there work as in a
 * project with that catalog.
 */
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { deploymentName } from "../../dataset";
import { dbtSources } from "../../scripts/dbt-sources";
import { projectFolder, sourcesFile } from "../../transform/driver/project";
import { loadCatalog } from "../fixtures/catalog";
import { deployed } from "./deployed";

const folder = resolve("dist", "fixtures");
const specifications = join(folder, "specifications");

mkdirSync(specifications, { recursive: true });
for (const spec of loadCatalog().values())
  writeFileSync(join(specifications, deploymentName(spec.id)), deployed(spec));
if (existsSync(projectFolder)) {
  rmSync(join(folder, projectFolder), { recursive: true, force: true });
  cpSync(projectFolder, join(folder, projectFolder), { recursive: true });
  writeFileSync(join(folder, sourcesFile), dbtSources(loadCatalog()));
}
for (const part of ["node_modules", "scripts"])
  if (!existsSync(join(folder, part))) symlinkSync(resolve(part), join(folder, part));
