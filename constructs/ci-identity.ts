import { IamWorkloadIdentityPool } from "@cdktf/provider-google/lib/iam-workload-identity-pool";
import { IamWorkloadIdentityPoolProvider } from "@cdktf/provider-google/lib/iam-workload-identity-pool-provider";
import { ProjectIamCustomRole } from "@cdktf/provider-google/lib/project-iam-custom-role";
import { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
import { ServiceAccountIamMember } from "@cdktf/provider-google/lib/service-account-iam-member";
import type { Construct } from "constructs";
import { type Fault, malformed, refuse } from "./errors";
import type { GrantCondition } from "./grant";
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
  /** Id of the custom role of the plan account: letters, digits, dots and underscores. */
  readonly planRole: string;
  /** Id of the custom role of the deploy account; the ids of its other roles start with it. */
  readonly deployRole: string;
  /** Number of the GitHub repository. Numbers are never reused; names can be. */
  readonly repositoryId: string;
  /** Number of the repository's owner. */
  readonly ownerId: string;
  /** The branch whose jobs may deploy. */
  readonly branch: string;
  /**
   * The GitHub environment of the jobs that may deploy: letters, digits, hyphens and underscores. The branch alone does
   * not say what started a job: `pull_request_target`, `issue_comment` and `workflow_run` run on the default branch.
   */
  readonly environment: string;
  /** Permissions of the plan account: those that read what is deployed, but not the data in it. */
  readonly planPermissions: readonly string[];
  /** Permissions of the deploy account on the whole project: those that create, change and delete what is deployed. */
  readonly deployPermissions: readonly string[];
  /** Permissions that the deploy account has on some resources only. @default - none */
  readonly limitedPermissions?: readonly LimitedPermissions[];
  /** The only roles that the deploy account may grant and revoke on the project. At least one. */
  readonly grantableRoles: readonly string[];
  /** What must be created first, such as the enabled APIs. @default - nothing */
  readonly dependsOn?: readonly Dependency[];
}

/** Permissions on the resources that a condition selects. */
export interface LimitedPermissions {
  /** Part of the id of their role: lowercase letters. */
  readonly name: string;
  /** The permissions: `storage.buckets.update`. */
  readonly permissions: readonly string[];
  /** Selects the resources. */
  readonly condition: GrantCondition;
}

/**
 * Lets the jobs of a GitHub repository act in the project without a key: any job as a read-only account (plan), the
 * jobs of one branch in one GitHub environment as an account that can change resources (deploy).
 */
export class CiIdentity extends TerraformConstruct {
  /** The read-only account, for `terraform plan`. */
  readonly plan: ServiceIdentity;
  /** The account that deploys. Grant it access to the state. */
  readonly deploy: ServiceIdentity;

  constructor(scope: Construct, id: string, props: CiIdentityProps) {
    super(scope, id);
    refuse(this, faultsOf(props));
    const { project, repositoryId, ownerId, branch, environment, planRole, deployRole } = props;
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
        // At most 127 bytes. GitHub's subject contains the name of the branch, which can be longer.
        "google.subject": 'assertion.repository_id + ":" + assertion.run_id',
        "attribute.repository_id": "assertion.repository_id",
        // A job without an environment lacks that claim. Its subject ends otherwise: no branch has a colon in its name.
        "attribute.deployment":
          'assertion.repository_id + ":" + assertion.ref + ' +
          `(assertion.sub.endsWith(":environment:${environment}") ? ":${environment}" : "")`,
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
    const deployment = `${repositoryId}:refs/heads/${branch}:${environment}`;
    this.trust("plan", this.plan, `${identities}/attribute.repository_id/${repositoryId}`, pool);
    this.trust("deploy", this.deploy, `${identities}/attribute.deployment/${deployment}`, pool);

    const { dependsOn = [] } = props;
    const allow = (role: CustomRole) => {
      this.allow(project, role, dependsOn);
    };
    allow({
      id: "plan",
      identity: this.plan,
      roleId: planRole,
      title: "Plan from GitHub",
      description: "Reads the resources of the stacks, but not the data in them.",
      permissions: props.planPermissions,
    });
    allow({
      id: "deploy",
      identity: this.deploy,
      roleId: deployRole,
      title: "Deploy from GitHub",
      description: "Creates, changes and deletes the resources of the stacks.",
      permissions: props.deployPermissions,
    });
    for (const { name, permissions, condition } of props.limitedPermissions ?? []) {
      allow({
        id: `deploy-${name}`,
        identity: this.deploy,
        roleId: `${deployRole}_${name}`,
        title: `Deploy from GitHub: ${name}`,
        description: "Granted under a condition that selects the resources.",
        permissions,
        condition,
      });
    }
    const roles = props.grantableRoles.map((name) => `"${name}"`).join(", ");
    allow({
      id: "deploy-grants",
      identity: this.deploy,
      roleId: `${deployRole}_grants`,
      title: "Grant roles on the project",
      description: "Granted under a condition that lists the roles.",
      permissions: ["resourcemanager.projects.getIamPolicy", "resourcemanager.projects.setIamPolicy"],
      condition: {
        title: "only-the-platforms-roles",
        expression: `api.getAttribute("iam.googleapis.com/modifiedGrantsByRole", []).hasOnly([${roles}])`,
      },
    });
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

  /** Creates a custom role, and grants it on the project. */
  private allow(project: string, role: CustomRole, dependsOn: readonly Dependency[]): void {
    const { id, identity, roleId, title, description, permissions, condition } = role;
    const created = new ProjectIamCustomRole(this, `${id}-role`, {
      roleId,
      title,
      description,
      permissions: [...permissions],
      stage: "GA",
    });
    created.node.addDependency(...dependsOn);
    new ProjectIamMember(this, `${id}-member`, {
      project,
      role: `projects/${project}/roles/${roleId}`,
      member: identity.member,
      dependsOn: [created],
      condition,
    });
  }
}

interface CustomRole {
  readonly id: string;
  readonly identity: ServiceIdentity;
  readonly roleId: string;
  readonly title: string;
  readonly description: string;
  readonly permissions: readonly string[];
  readonly condition?: GrantCondition;
}

function faultsOf(props: CiIdentityProps): Fault[] {
  const stable = "a number, not a name: a name can be taken over by others";
  const roleId = /^[A-Za-z0-9_.]{3,57}$/;
  const roleForm = "3 to 57 letters, digits, dots and underscores";
  return [
    malformed("projectNumber", props.projectNumber, /^\d+$/, "the number of a project, not its id"),
    malformed(
      "poolName",
      props.poolName,
      /^(?!gcp-)[a-z0-9-]{4,32}$/,
      "4 to 32 lowercase letters, digits and hyphens, not starting with gcp-",
    ),
    malformed("planRole", props.planRole, roleId, roleForm),
    malformed("deployRole", props.deployRole, roleId, roleForm),
    malformed("repositoryId", props.repositoryId, /^\d+$/, stable),
    malformed("ownerId", props.ownerId, /^\d+$/, stable),
    props.branch === "" && "branch: must not be empty",
    malformed("environment", props.environment, /^[\w-]{1,255}$/, "letters, digits, hyphens and underscores"),
    ...(props.limitedPermissions ?? []).map(({ name }) =>
      malformed("limitedPermissions", name, /^[a-z]+$/, "named with lowercase letters"),
    ),
    props.grantableRoles.length === 0 && "grantableRoles: must not be empty",
  ];
}
