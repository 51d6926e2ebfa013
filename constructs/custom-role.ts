import { ProjectIamCustomRole } from "@cdktf/provider-google/lib/project-iam-custom-role";
import type { Construct } from "constructs";
import { malformed, refuse } from "./errors";
import { type Dependency, TerraformConstruct } from "./terraform-construct";

export interface CustomRoleProps {
  /** Id of the role: 3 to 64 letters, digits, dots and underscores. */
  readonly name: string;
  /** Short name, shown in the console. */
  readonly title: string;
  /** What it is for; shown in the console. */
  readonly description: string;
  /** Its permissions: `storage.objects.list`. */
  readonly permissions: readonly string[];
  /** What must be created first, such as the enabled API. @default - nothing */
  readonly dependsOn?: readonly Dependency[];
}

/** A role of the project, for permissions that no predefined role has alone. Grants of it name it by its path. */
export class CustomRole extends TerraformConstruct {
  constructor(scope: Construct, id: string, props: CustomRoleProps) {
    super(scope, id);
    refuse(this, [
      malformed("name", props.name, /^[A-Za-z0-9_.]{3,64}$/, "3 to 64 letters, digits, dots and underscores"),
      props.permissions.length === 0 && "permissions: must not be empty",
    ]);
    const role = new ProjectIamCustomRole(this, "Resource", {
      roleId: props.name,
      title: props.title,
      description: props.description,
      permissions: [...props.permissions],
      stage: "GA",
    });
    role.node.addDependency(...(props.dependsOn ?? []));
  }
}
