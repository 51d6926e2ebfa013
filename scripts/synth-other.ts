/**
 * `node scripts/run.mjs scripts/synth-other.ts <specification.json> <folder>`: synthesizes PLATFORM_ENV without one data set,
 * or, if the catalog does not have it, with it in addition. Prints `without` or `with`. Compared with the platform as it
 * is, it shows what adding the data set changes.
 */
import { readFileSync } from "node:fs";
import { loadCatalog } from "../catalog";
import { loadEnvironment } from "../config";
import { specFromJson } from "../dataset";
import { ConfigurationError } from "../errors/faults";
import { runMain } from "./run-main";
import { synthesizeInto } from "./synthesized";

runMain(() => {
  const [file, folder] = process.argv.slice(2);
  if (file === undefined || folder === undefined)
    throw new ConfigurationError("synth-other", ["expected a file with a specification, and a folder"]);
  const spec = specFromJson(readFileSync(file, "utf8"));
  const catalog = loadCatalog();
  const others = new Map([...catalog].filter(([id]) => id !== spec.id));
  synthesizeInto(folder, {
    environment: loadEnvironment(process.env["PLATFORM_ENV"] || undefined),
    catalog: catalog.has(spec.id) ? others : new Map([...catalog, [spec.id, spec]]),
  });
  process.stdout.write(catalog.has(spec.id) ? "without\n" : "with\n");
});
