/**
 * `npm run golden`: writes the synthesized JSON of all environments to __tests__/golden, for a test and for reviewers,
 * the table schemas to stacks/schemas.lock.json, the grants to docs/permissions.md, and the sources of the dbt project to
 * transform/models/sources.yml. `-- --replace <data set>` permits that a table is replaced with a new, empty one.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadCatalog } from "../catalog";
import { environments, loadEnvironment } from "../config";
import deployed from "../stacks/schemas.lock.json";
import { rendered } from "./golden-render";
import { documentedEnvironment, permissionsPage } from "./permissions/page";
import { sourcesFile } from "../transform/driver/project";
import { dbtSources } from "./dbt-sources";
import { runMain } from "./run-main";
import { shapesIn, synthesized } from "./synthesized";

runMain(() => {
  const catalog = loadCatalog();
  const replaced = process.argv.filter((_, index, all) => all[index - 1] === "--replace");
  const unknown = replaced.filter((id) => !(id in deployed));
  if (unknown.length > 0)
    throw new Error(`--replace ${unknown.join(", ")}: table does not exist in stacks/schemas.lock.json`);
  const schemas = { ...deployed, ...Object.fromEntries(replaced.map((id) => [id, undefined])) };
  const stacks = environments.map(
    ({ name }) => [name, synthesized({ environment: loadEnvironment(name), catalog, schemas })] as const,
  );
  const golden = join("__tests__", "golden");
  mkdirSync(golden, { recursive: true });
  for (const file of readdirSync(golden).filter((name) => name.endsWith(".json"))) rmSync(join(golden, file));
  for (const [stack, json] of stacks.flatMap(([, byName]) => [...byName])) {
    writeFileSync(join(golden, `${stack}.json`), rendered(json));
  }
  const shapes = Object.fromEntries(stacks.flatMap(([name, byName]) => shapesIn(name, byName)));
  writeFileSync(join("stacks", "schemas.lock.json"), rendered(shapes));
  for (const [name, byName] of stacks.filter(([name]) => name === documentedEnvironment))
    writeFileSync(join("docs", "permissions.md"), permissionsPage(loadEnvironment(name), byName));
  writeFileSync(sourcesFile, dbtSources(catalog));
  process.stdout.write(
    `${golden}, stacks/schemas.lock.json, docs/permissions.md and ${sourcesFile} are up to date\n`,
  );
});
