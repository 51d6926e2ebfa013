/**
 * `npm run golden`: writes the synthesized JSON of all environments to __tests__/golden, for a test and for reviewers,
 * the table schemas to stacks/schemas.lock.json, the deployed environments to stacks/environments.lock.json, the grants to
 * docs/permissions.md, and the sources of the dbt project to transform/models/sources.yml. It writes nothing if a change
 * would lose what is deployed. `-- --replace <data set>` permits that a table is replaced with a new, empty one;
 * `-- --accept <key>` permits a change of what is deployed.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadCatalog } from "../catalog";
import { environments, loadEnvironment } from "../config";
import { environmentRecords } from "../stacks";
import deployed from "../stacks/schemas.lock.json";
import { rendered } from "./golden-render";
import { documentedEnvironment, permissionsPage } from "./permissions/page";
import { sourcesFile } from "../transform/driver/project";
import { dbtSources } from "./dbt-sources";
import { nextRecords } from "./records";
import { runMain } from "./run-main";
import { composerGolden, composerStacks, withComposer } from "./with-composer";
import { shapesIn, synthesized } from "./synthesized";

runMain(() => {
  const catalog = loadCatalog();
  const replaced = valuesOf("--replace");
  const unknown = replaced.filter((id) => !(id in deployed));
  if (unknown.length > 0)
    throw new Error(`--replace ${unknown.join(", ")}: table does not exist in stacks/schemas.lock.json`);
  const all = environments.map(({ name }) => loadEnvironment(name));
  const records = nextRecords(environmentRecords, {
    environments: all,
    catalog,
    accepted: valuesOf("--accept"),
  });
  const schemas = { ...deployed, ...Object.fromEntries(replaced.map((id) => [id, undefined])) };
  const stacks = all.map((environment) => {
    const record = records[environment.name];
    return [environment, synthesized({ environment, catalog, schemas, ...(record && { record }) })] as const;
  });
  const golden = join("__tests__", "golden");
  mkdirSync(golden, { recursive: true });
  for (const file of readdirSync(golden).filter((name) => name.endsWith(".json"))) rmSync(join(golden, file));
  for (const [stack, json] of stacks.flatMap(([, byName]) => [...byName])) {
    writeFileSync(join(golden, `${stack}.json`), rendered(json));
  }
  const shapes = Object.fromEntries(stacks.flatMap(([environment, byName]) => shapesIn(environment, byName)));
  writeFileSync(join("stacks", "schemas.lock.json"), rendered(shapes));
  writeFileSync(join("stacks", "environments.lock.json"), rendered(records));
  const airflow = synthesized({ environment: withComposer(), catalog, schemas });
  mkdirSync(composerGolden, { recursive: true });
  for (const [stack, json] of composerStacks(airflow))
    writeFileSync(join(composerGolden, `${stack}.json`), rendered(json));
  for (const [environment, byName] of stacks.filter(([{ name }]) => name === documentedEnvironment))
    writeFileSync(join("docs", "permissions.md"), permissionsPage(environment, byName, airflow));
  writeFileSync(sourcesFile, dbtSources(catalog));
  for (const id of replaced)
    process.stdout.write(
      `${id}: the plan replaces its table, so backfill it afterwards; a replaced ${id}_lake loses nothing, since it only ` +
        "reads the files in the lake\n",
    );
  process.stdout.write(
    `${golden}, stacks/schemas.lock.json, stacks/environments.lock.json, docs/permissions.md and ${sourcesFile} are up to ` +
      "date\n",
  );
});

/** The values of an option that can be given several times. */
function valuesOf(option: string): string[] {
  return process.argv.filter((_, index, all) => all[index - 1] === option);
}
