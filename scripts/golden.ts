/** `npm run golden`: writes what every environment synthesizes to __tests__/golden, for a test and for reviewers. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadCatalog } from "../catalog";
import { environments, loadEnvironment } from "../config";
import { rendered } from "./golden-render";
import { plainly } from "./plainly";
import { synthesized } from "./synthesized";

plainly(() => {
  const golden = join("__tests__", "golden");
  rmSync(golden, { recursive: true, force: true });
  mkdirSync(golden, { recursive: true });
  for (const { name } of environments) {
    const stacks = synthesized({ environment: loadEnvironment(name), catalog: loadCatalog() });
    for (const [stack, json] of stacks) writeFileSync(join(golden, `${stack}.json`), rendered(json));
    process.stdout.write(`${name}: ${stacks.size} stacks\n`);
  }
});
