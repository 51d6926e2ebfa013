import type { Construct } from "constructs";
import type { Environment } from "../config";
import { CustomRole } from "../constructs/custom-role";
import type { Identity } from "../constructs/service-identity";
import type { Dependency } from "../constructs/terraform-construct";
import type { Names } from "./naming";

/**
 * Lets an account export the database instances of an environment, and nothing else. What an
 * export writes is up to the instance, which may write to one bucket.
 */
export function grantExports(
  scope: Construct,
  exporter: Identity,
  { environment, names, dependsOn }: GrantExportsProps,
): void {
  const role = new CustomRole(scope, "export-role", {
    name: names.role("export"),
    title: "Export databases",
    description: "Starts exports of Cloud SQL instances, and waits for them. Does not read the data.",
    permissions: ["cloudsql.instances.export", "cloudsql.instances.get"],
    dependsOn,
  });
  const instances = `projects/${environment.project.id}/instances/${names.prefix("-")}postgres-`;
  const grant = exporter.grantOnProject(names.rolePath("export"), {
    project: environment.project.id,
    condition: {
      title: "only-the-database-of-this-environment",
      // The operations of an instance are not instances.
      expression: `resource.type != "sqladmin.googleapis.com/Instance" || resource.name.startsWith("${instances}")`,
    },
  });
  for (const { node } of grant.resources) node.addDependency(role);
}

interface GrantExportsProps {
  readonly environment: Environment;
  readonly names: Names;
  readonly dependsOn: readonly Dependency[];
}
