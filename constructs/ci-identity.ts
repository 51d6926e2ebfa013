import { IamWorkloadIdentityPool } from "@cdktf/provider-google/lib/iam-workload-identity-pool";
import { IamWorkloadIdentityPoolProvider } from "@cdktf/provider-google/lib/iam-workload-identity-pool-provider";
import { ProjectIamCustomRole } from "@cdktf/provider-google/lib/project-iam-custom-role";
import { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
import { ServiceAccountIamMember } from "@cdktf/provider-google/lib/service-account-iam-member";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { malformed, refuse } from "./errors";
import { ServiceIdentity } from "./service-identity";

export interface CiIdentityProps {
  /** Id of the project. */
  readonly project: string;
  /** Number of the project. */
  readonly projectNumber: string;
  /** Id of the pool of identities, 4 to 32 lower-case letters, digits and dashes. */
  readonly poolName: string;
  /** Name of the account that may only look. */
  readonly planAccount: string;
  /** Name of the account that may change things. */
  readonly deployAccount: string;
  /** Id of the custom role of the deploy account: letters, digits and underscores. */
  readonly deployRole: string;
  /** Number of the GitHub repository, which GitHub never gives to another. */
  readonly repositoryId: string;
  /** Number of the repository's owner. */
  readonly ownerId: string;
  /** The branch whose jobs may deploy. */
  readonly branch: string;
  /** Permissions of that role: what it takes to create, change and remove what is deployed. */
  readonly deployPermissions: readonly string[];
  /**
   * Roles the deploy account may give and take on the project. Whatever else it is tricked into, it cannot make
   * anyone an owner.
   */
  readonly grantableRoles: readonly string[];
  /** What must be there first, such as the enabled APIs. @default - nothing */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/**
 * Lets a GitHub repository's jobs act here without a key: any of its jobs as an account that can only look (plan),
 * those of one branch as an account that can change things (deploy).
 */
export class CiIdentity extends Construct {
  readonly plan: ServiceIdentity;
  readonly deploy: ServiceIdentity;

  constructor(scope: Construct, id: string, props: CiIdentityProps) {
    super(scope, id);
    refuse(this, [
      malformed(
        "poolName",
        props.poolName,
        /^(?!gcp-)[a-z0-9-]{4,32}$/,
        "4 to 32 lower-case letters, digits and dashes",
      ),
      malformed(
        "deployRole",
        props.deployRole,
        /^[A-Za-z0-9_.]{3,64}$/,
        "3 to 64 letters, digits, dots and underscores",
      ),
      malformed("repositoryId", props.repositoryId, /^\d+$/, "a number, not a name: names can be taken over"),
      malformed("ownerId", props.ownerId, /^\d+$/, "a number, not a name: names can be taken over"),
    ]);
    const { repositoryId, ownerId, branch } = props;
    const pool = new IamWorkloadIdentityPool(this, "pool", {
      workloadIdentityPoolId: props.poolName,
      displayName: "GitHub",
      description: "Jobs of GitHub Actions",
      disabled: false,
      dependsOn: props.dependsOn && [...props.dependsOn],
    });
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
    // Computed, not referenced: who may act as these accounts must be readable in a plan.
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
    const { project, deployRole, grantableRoles, dependsOn } = props;
    const role = new ProjectIamCustomRole(this, "deploy-role", {
      roleId: deployRole,
      title: "Deploy the data platform",
      description: "Makes, changes and removes what the stacks hold.",
      permissions: [...props.deployPermissions],
      stage: "GA",
      dependsOn: dependsOn && [...dependsOn],
    });
    const grants = new ProjectIamCustomRole(this, "deploy-grants-role", {
      roleId: `${deployRole}_grants`,
      title: "Give roles on the project",
      description: "Held under a condition that names the roles.",
      permissions: ["resourcemanager.projects.getIamPolicy", "resourcemanager.projects.setIamPolicy"],
      stage: "GA",
      dependsOn: dependsOn && [...dependsOn],
    });
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
