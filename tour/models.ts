import { findPython } from "../programs/python";
import { cache } from "../programs/cache";
import { dbtPackages } from "../transform/driver/environment";
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
