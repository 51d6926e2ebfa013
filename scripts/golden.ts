/**
 * `npm run golden`: writes what every environment synthesizes to __tests__/golden, for a test and for reviewers,
 * and the shapes of the tables to stacks/schemas.lock.json. `-- --replace <data set>` says that a table may be
 * replaced by a new, empty one.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadCatalog } from "../catalog";
import { environments, loadEnvironment } from "../config";
import deployed from "../stacks/schemas.lock.json";
import { rendered } from "./golden-render";
import { plainly } from "./plainly";
import { shapesIn, synthesized } from "./synthesized";

plainly(() => {
  const catalog = loadCatalog();
  const replaced = process.argv.filter((_, index, all) => all[index - 1] === "--replace");
  const unknown = replaced.filter((id) => !(id in deployed));
  if (unknown.length > 0)
    throw new Error(`--replace ${unknown.join(", ")}: stacks/schemas.lock.json has no such table`);
  const schemas = { ...deployed, ...Object.fromEntries(replaced.map((id) => [id, undefined])) };
  const stacks = environments.map(
    ({ name }) => [name, synthesized({ environment: loadEnvironment(name), catalog, schemas })] as const,
  );
  const golden = join("__tests__", "golden");
  mkdirSync(golden, { recursive: true });
  // The folders beside hold what others wrote.
  for (const file of readdirSync(golden)) if (file.endsWith(".json")) rmSync(join(golden, file));
  for (const [stack, json] of stacks.flatMap(([, byName]) => [...byName])) {
    writeFileSync(join(golden, `${stack}.json`), rendered(json));
  }
  const shapes = Object.fromEntries(stacks.flatMap(([name, byName]) => shapesIn(name, byName)));
  writeFileSync(join("stacks", "schemas.lock.json"), rendered(shapes));
  process.stdout.write(`${golden} and stacks/schemas.lock.json are up to date\n`);
});
