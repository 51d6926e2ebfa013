import { CiIdentity, type CiIdentityProps } from "../../constructs/ci-identity";
import { resources, stackOf } from "../support/stack";
import { refusal, like } from "./support";

const base = {
  project: "my-project",
  projectNumber: "42",
  poolName: "github",
  planAccount: "ci-plan",
  deployAccount: "ci-deploy",
  deployRole: "deploy",
  repositoryId: "1001",
  ownerId: "2002",
  branch: "main",
  deployPermissions: ["storage.buckets.create"],
  grantableRoles: ["roles/bigquery.jobUser", "roles/logging.logWriter"],
};
const synthesized = (props: Partial<CiIdentityProps> = {}) =>
  stackOf((stack) => new CiIdentity(stack, "ci", { ...base, ...props }));

describe("CiIdentity", () => {
  test("accepts tokens of GitHub for one repository of one owner, by number", () => {
    const json = synthesized();
    expect(resources(json, "google_iam_workload_identity_pool")).toMatchObject([
      {
        workload_identity_pool_id: "github",
        display_name: "GitHub",
        description: "Jobs of GitHub Actions",
        disabled: false,
      },
    ]);
    expect(resources(json, "google_iam_workload_identity_pool_provider")).toMatchObject([
      {
        attribute_condition: 'assertion.repository_id == "1001" && assertion.repository_owner_id == "2002"',
        workload_identity_pool_id: like(/^\$\{google_iam_workload_identity_pool\.ci_pool/),
        workload_identity_pool_provider_id: "github",
        display_name: "GitHub",
        disabled: false,
        attribute_mapping: {
          "google.subject": "assertion.sub",
          "attribute.repository_id": "assertion.repository_id",
          "attribute.branch": 'assertion.repository_id + ":" + assertion.ref',
        },
        oidc: { issuer_uri: "https://token.actions.githubusercontent.com" },
      },
    ]);
  });

  test("lets any job act as the plan account, and only jobs of the branch as the deploy account", () => {
    const pool =
      "principalSet://iam.googleapis.com/projects/42/locations/global/workloadIdentityPools/github";
    expect(resources(synthesized({ branch: "release" }), "google_service_account_iam_member")).toMatchObject([
      {
        service_account_id: like(/ci_deploy/),
        role: "roles/iam.workloadIdentityUser",
        member: `${pool}/attribute.branch/1001:refs/heads/release`,
      },
      {
        service_account_id: like(/ci_plan/),
        role: "roles/iam.workloadIdentityUser",
        member: `${pool}/attribute.repository_id/1001`,
      },
    ]);
  });

  test("lets the plan account read, and nothing else", () => {
    const roles = resources(synthesized(), "google_project_iam_member").filter((found) =>
      JSON.stringify(found).includes("ci_plan"),
    );
    expect(roles).toMatchObject([{ role: "roles/iam.securityReviewer" }, { role: "roles/viewer" }]);
  });

  test("gives the deploy account the permissions it is given, and the listed roles to grant", () => {
    const json = synthesized();
    expect(resources(json, "google_project_iam_custom_role")).toMatchObject([
      {
        role_id: "deploy_grants",
        title: "Grant roles on the project",
        description: "Granted under a condition that lists the roles.",
        stage: "GA",
        permissions: ["resourcemanager.projects.getIamPolicy", "resourcemanager.projects.setIamPolicy"],
      },
      {
        role_id: "deploy",
        title: "Deploy from GitHub",
        description: "Creates, changes and deletes the resources of the stacks.",
        stage: "GA",
        permissions: ["storage.buckets.create"],
      },
    ]);
    const granted = resources(json, "google_project_iam_member").filter((found) =>
      JSON.stringify(found).includes("ci_deploy_"),
    );
    expect(granted).toMatchObject([
      {
        project: "my-project",
        role: "projects/my-project/roles/deploy_grants",
        condition: {
          expression:
            'api.getAttribute("iam.googleapis.com/modifiedGrantsByRole", []).hasOnly(["roles/bigquery.jobUser", "roles/logging.logWriter"])',
        },
      },
      { project: "my-project", role: "projects/my-project/roles/deploy" },
    ]);
  });

  test("rejects names in place of numbers, and roles and pools that IAM does not accept", () => {
    const wrong = {
      projectNumber: "my-project",
      poolName: "gcp-pool",
      deployRole: "my-role",
      repositoryId: "me/repo",
      ownerId: "me",
      branch: "",
      grantableRoles: [],
    };
    expect(refusal(() => synthesized(wrong))).toBe(`CiIdentity at test/ci:
  - projectNumber: "my-project" must be the number of a project, not its id
  - poolName: "gcp-pool" must be 4 to 32 lowercase letters, digits and hyphens, not starting with gcp-
  - deployRole: "my-role" must be 3 to 57 letters, digits, dots and underscores
  - repositoryId: "me/repo" must be a number, not a name: a name can be taken over by others
  - ownerId: "me" must be a number, not a name: a name can be taken over by others
  - branch: must not be empty
  - grantableRoles: must not be empty`);
  });
});
