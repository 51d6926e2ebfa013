/**
 * `node scripts/run.mjs scripts/synth-without.ts <data set> <folder>`: synthesizes PLATFORM_ENV without one data set of
 * the catalog. Compared with the complete platform, it shows what adding the data set changes.
 */
import { loadCatalog } from "../catalog";
import { loadEnvironment } from "../config";
import { ConfigurationError } from "../errors/faults";
import { runMain } from "./run-main";
import { synthesizeInto } from "./synthesized";

runMain(() => {
  const [dataset = "", folder = ""] = process.argv.slice(2);
  const catalog = loadCatalog();
  if (!catalog.has(dataset) || folder === "")
    throw new ConfigurationError("synth-without", [
      `expected a data set and a folder; available data sets: ${[...catalog.keys()].join(", ")}`,
    ]);
  const others = new Map([...catalog].filter(([id]) => id !== dataset));
  synthesizeInto(folder, {
    environment: loadEnvironment(process.env["PLATFORM_ENV"] || undefined),
    catalog: others,
  });
});
