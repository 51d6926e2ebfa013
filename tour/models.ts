import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findPython } from "../programs/python";
import { cache } from "../programs/cache";
import { dbtPackages } from "../transform/driver/environment";
import { projectFolder, sourcesFile } from "../transform/driver/project";
import { taxis } from "./catalog";
import { runCommand } from "./child";
import { writeDashboard } from "./dashboard/write";
import { TourFailure } from "./failure";

/** What became of the models: the path of the dashboard, or why they were not built. */
export type Models =
  | { readonly kind: "built"; readonly dashboard: string }
  | { readonly kind: "missing"; readonly reason: string };

/**
 * Builds and tests the models of the dbt project, and writes the dashboard. Installs nothing: `npm start` requires no
 * network.
 *
 * @param home folder of the warehouse
 * @throws TourFailure with the exit code of the command when it failed
 */
export async function buildModels(home: string): Promise<Models> {
  const removed = removedModels();
  if (removed !== undefined) return { kind: "missing", reason: removed };
  const found = findPython(cache, dbtPackages);
  if (found.kind === "missing") {
    const versions = dbtPackages.minors.map((minor) => `3.${minor}`).join(", ");
    return {
      kind: "missing",
      reason: `${found.title} is not installed. With Python (${versions}), run npm run transform -- build, then npm run report`,
    };
  }
  const args = ["build", "--home", home];
  const { exitCode } = await runCommand("transform/driver/main.ts", args);
  if (exitCode !== 0) {
    throw new TourFailure(
      `building the models failed with exit code ${exitCode}; to run this step alone: npm run transform -- ${args.join(" ")}`,
      exitCode,
    );
  }
  return { kind: "built", dashboard: await writeDashboard({ home }) };
}

/** Why there are no models of the sample, if the user has removed them, or the data sets that they read. */
function removedModels(): string | undefined {
  if (!existsSync(sampleMart)) return `${sampleMart} does not exist: the models of taxi trips were removed`;
  const sources = readFileSync(sourcesFile, "utf8");
  const missing = [...taxis.keys()].filter((id) => !sources.includes(`- name: ${id}\n`));
  return missing.length === 0
    ? undefined
    : `${sourcesFile} has no ${missing.join(", ")}: the models of taxi trips need these files in catalog/`;
}

/** The model that the dashboard shows. */
const sampleMart = join(projectFolder, "models", "core", "dm_monthly_zone_revenue.sql");
