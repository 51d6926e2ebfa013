/**
 * `npm run golden`: writes the synthesized JSON of all environments to __tests__/golden, for a test and for reviewers,
 * the table schemas to stacks/schemas.lock.json, the deployed environments to stacks/environments.lock.json, the grants to
 * docs/permissions.md, and the sources of the dbt project to transform/models/sources.yml, and prints what has changed. It
 * writes nothing if a change would lose what is deployed. `-- --replace <data set>` permits that a table is replaced with a
 * new, empty one; `-- --accept <key>` permits a change of what is deployed.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { loadCatalog } from "../../catalog";
import { loadEnvironments } from "../../config";
import { deployedSchemas, environmentRecords } from "../../stacks";
import { nextRecords } from "../records";
import { runMain } from "../run-main";
import { changesText } from "./changes";
import { goldenFiles, goldenFolder, schemasFile } from "./files";

runMain(() => {
  const catalog = loadCatalog();
  const replaced = valuesOf("--replace");
  const unknown = replaced.filter((id) => !(id in deployedSchemas));
  if (unknown.length > 0)
    throw new Error(`--replace ${unknown.join(", ")}: table does not exist in ${schemasFile}`);
  const environments = loadEnvironments();
  const records = nextRecords(environmentRecords, { environments, catalog, accepted: valuesOf("--accept") });
  const schemas = Object.fromEntries(
    Object.entries(deployedSchemas).filter(([id]) => !replaced.includes(id)),
  );
  const after = goldenFiles({ environments, catalog, schemas, records });
  const before = committed([...after.keys()]);
  // Ids of data sets that are removed are in the record of schemas.
  const changes = changesText(before, after, new Set([...catalog.keys(), ...formerDatasets()]));
  for (const [path, text] of after) if (before.get(path) !== text) write(path, text);
  for (const path of before.keys()) if (!after.has(path)) rmSync(path);
  for (const id of replaced)
    process.stdout.write(
      `${id}: the plan replaces its table, so backfill it afterwards; a replaced ${id}_lake loses nothing, since it only ` +
        "reads the files in the lake\n",
    );
  const written = [...after].filter(([path, text]) => before.get(path) !== text).length;
  const removed = [...before.keys()].filter((path) => !after.has(path)).length;
  const count = `${written} of ${after.size} files written${removed > 0 ? `, ${removed} removed` : ""}`;
  process.stdout.write(
    changes.length === 0
      ? `Nothing has changed: the ${after.size} files are as they were.\n`
      : `${changes.join("\n")}\n${count}: review them with git diff\n`,
  );
});

/** The files as they are, with synthesized JSON of stacks that no longer exist. */
function committed(paths: readonly string[]): Map<string, string> {
  const golden = existsSync(goldenFolder)
    ? readdirSync(goldenFolder).filter((name) => name.endsWith(".json"))
    : [];
  const all = new Set([...paths, ...golden.map((name) => join(goldenFolder, name))]);
  return new Map(
    [...all].filter((path) => existsSync(path)).map((path) => [path, readFileSync(path, "utf8")]),
  );
}

function formerDatasets(): string[] {
  return Object.keys(deployedSchemas).filter((table) => !table.includes("."));
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** The values of an option that can be given several times. */
function valuesOf(option: string): string[] {
  return process.argv.filter((_, index, all) => all[index - 1] === option);
}
