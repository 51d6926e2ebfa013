import { IamWorkloadIdentityPool } from "@cdktf/provider-google/lib/iam-workload-identity-pool";
import { IamWorkloadIdentityPoolProvider } from "@cdktf/provider-google/lib/iam-workload-identity-pool-provider";
import { ProjectIamCustomRole } from "@cdktf/provider-google/lib/project-iam-custom-role";
import { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
import { ServiceAccountIamMember } from "@cdktf/provider-google/lib/service-account-iam-member";
import type { Construct } from "constructs";
import { malformed, refuse } from "./errors";
import { ServiceIdentity } from "./service-identity";
import { type Dependency, TerraformConstruct } from "./terraform-construct";

export interface CiIdentityProps {
  /** Id of the project. */
  readonly project: string;
  /** Number of the project. */
  readonly projectNumber: string;
  /** Id of the workload identity pool: 4 to 32 lowercase letters, digits and hyphens. */
  readonly poolName: string;
  /** Name of the read-only service account, without its domain. */
  readonly planAccount: string;
  /** Name of the service account that deploys, without its domain. */
  readonly deployAccount: string;
  /** Id of the custom role of the deploy account: letters, digits, dots and underscores. */
  readonly deployRole: string;
  /** Number of the GitHub repository. Numbers are never reused; names can be. */
  readonly repositoryId: string;
  /** Number of the repository's owner. */
  readonly ownerId: string;
  /** The branch whose jobs may deploy. */
  readonly branch: string;
  /** Permissions of the custom role: those that create, change and delete what is deployed. */
  readonly deployPermissions: readonly string[];
  /** The only roles that the deploy account may grant and revoke on the project. At least one. */
  readonly grantableRoles: readonly string[];
  /** What must be created first, such as the enabled APIs. @default - nothing */
  readonly dependsOn?: readonly Dependency[];
}

/**
 * Lets the jobs of a GitHub repository act in the project without a key: any job as a read-only account (plan), the
 * jobs of one branch as an account that can change resources (deploy).
 */
export class CiIdentity extends TerraformConstruct {
  /** The read-only account, for `terraform plan`. */
  readonly plan: ServiceIdentity;
  /** The account that deploys. Grant it access to the state. */
  readonly deploy: ServiceIdentity;

  constructor(scope: Construct, id: string, props: CiIdentityProps) {
    super(scope, id);
    const stable = "a number, not a name: a name can be taken over by others";
    refuse(this, [
      malformed("projectNumber", props.projectNumber, /^\d+$/, "the number of a project, not its id"),
      malformed(
        "poolName",
        props.poolName,
        /^(?!gcp-)[a-z0-9-]{4,32}$/,
        "4 to 32 lowercase letters, digits and hyphens, not starting with gcp-",
      ),
      malformed(
        "deployRole",
        props.deployRole,
        /^[A-Za-z0-9_.]{3,57}$/,
        "3 to 57 letters, digits, dots and underscores",
      ),
      malformed("repositoryId", props.repositoryId, /^\d+$/, stable),
      malformed("ownerId", props.ownerId, /^\d+$/, stable),
      props.branch === "" && "branch: must not be empty",
      props.grantableRoles.length === 0 && "grantableRoles: must not be empty",
    ]);
    const { repositoryId, ownerId, branch } = props;
    const pool = new IamWorkloadIdentityPool(this, "pool", {
      workloadIdentityPoolId: props.poolName,
      displayName: "GitHub",
      description: "Jobs of GitHub Actions",
      disabled: false,
    });
    pool.node.addDependency(...(props.dependsOn ?? []));
    new IamWorkloadIdentityPoolProvider(this, "github", {
      workloadIdentityPoolId: pool.workloadIdentityPoolId,
      workloadIdentityPoolProviderId: "github",
      displayName: "GitHub",
      disabled: false,
      attributeMapping: {
        "google.subject": "assertion.sub",
        "attribute.repository_id": "assertion.repository_id",
        "attribute.branch": 'assertion.repository_id + ":" + assertion.ref',
      },
      attributeCondition: `assertion.repository_id == "${repositoryId}" && assertion.repository_owner_id == "${ownerId}"`,
      oidc: { issuerUri: "https://token.actions.githubusercontent.com" },
    });
    this.plan = new ServiceIdentity(this, "plan", {
      name: props.planAccount,
      description: "Plans from GitHub",
      dependsOn: props.dependsOn,
    });
    this.deploy = new ServiceIdentity(this, "deploy", {
      name: props.deployAccount,
      description: "Deploys from GitHub",
      dependsOn: props.dependsOn,
    });
    // Computed, not referenced, so that a plan shows who can act as these accounts.
    const identities = `projects/${props.projectNumber}/locations/global/workloadIdentityPools/${props.poolName}`;
    this.trust("plan", this.plan, `${identities}/attribute.repository_id/${repositoryId}`, pool);
    this.trust(
      "deploy",
      this.deploy,
      `${identities}/attribute.branch/${repositoryId}:refs/heads/${branch}`,
      pool,
    );
    this.plan.grantOnProject("roles/viewer");
    this.plan.grantOnProject("roles/iam.securityReviewer");
    this.allowDeploying(props);
  }

  private trust(
    id: string,
    account: ServiceIdentity,
    principals: string,
    pool: IamWorkloadIdentityPool,
  ): void {
    new ServiceAccountIamMember(this, `${id}-from-github`, {
      serviceAccountId: account.resourceName,
      role: "roles/iam.workloadIdentityUser",
      member: `principalSet://iam.googleapis.com/${principals}`,
      dependsOn: [pool],
    });
  }

  private allowDeploying(props: CiIdentityProps): void {
    const { project, deployRole, grantableRoles, dependsOn = [] } = props;
    const role = new ProjectIamCustomRole(this, "deploy-role", {
      roleId: deployRole,
      title: "Deploy from GitHub",
      description: "Creates, changes and deletes the resources of the stacks.",
      permissions: [...props.deployPermissions],
      stage: "GA",
    });
    const grants = new ProjectIamCustomRole(this, "deploy-grants-role", {
      roleId: `${deployRole}_grants`,
      title: "Grant roles on the project",
      description: "Granted under a condition that lists the roles.",
      permissions: ["resourcemanager.projects.getIamPolicy", "resourcemanager.projects.setIamPolicy"],
      stage: "GA",
    });
    for (const each of [role, grants]) each.node.addDependency(...dependsOn);
    const { member } = this.deploy;
    new ProjectIamMember(this, "deploy-member", {
      project,
      role: `projects/${project}/roles/${deployRole}`,
      member,
      dependsOn: [role],
    });
    const roles = grantableRoles.map((name) => `"${name}"`).join(", ");
    new ProjectIamMember(this, "deploy-grants-member", {
      project,
      role: `projects/${project}/roles/${deployRole}_grants`,
      member,
      dependsOn: [grants],
      condition: {
        title: "only-the-platforms-roles",
        expression: `api.getAttribute("iam.googleapis.com/modifiedGrantsByRole", []).hasOnly([${roles}])`,
      },
    });
  }
}
