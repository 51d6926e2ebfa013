import { CiIdentity, type CiIdentityProps } from "../../constructs/ci-identity";
import { resources, stackOf } from "../support/stack";
import { refusal, like } from "./support";

const base = {
  project: "my-project",
  projectNumber: "42",
  poolName: "github",
  planAccount: "ci-plan",
  deployAccount: "ci-deploy",
  planRole: "plan",
  deployRole: "deploy",
  repositoryId: "1001",
  ownerId: "2002",
  branch: "main",
  environment: "production",
  planPermissions: ["storage.buckets.get"],
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
          "google.subject": 'assertion.repository_id + ":" + assertion.run_id',
          "attribute.repository_id": "assertion.repository_id",
          "attribute.deployment":
            'assertion.repository_id + ":" + assertion.ref + ' +
            '(assertion.sub.endsWith(":environment:production") ? ":production" : "")',
        },
        oidc: { issuer_uri: "https://token.actions.githubusercontent.com" },
      },
    ]);
  });

  test("lets any job act as the plan account, and only jobs of the branch in the environment as the deploy account", () => {
    const pool =
      "principalSet://iam.googleapis.com/projects/42/locations/global/workloadIdentityPools/github";
    expect(
      resources(synthesized({ branch: "release", environment: "live" }), "google_service_account_iam_member"),
    ).toMatchObject([
      {
        service_account_id: like(/ci_deploy/),
        role: "roles/iam.workloadIdentityUser",
        member: `${pool}/attribute.deployment/1001:refs/heads/release:live`,
      },
      {
        service_account_id: like(/ci_plan/),
        role: "roles/iam.workloadIdentityUser",
        member: `${pool}/attribute.repository_id/1001`,
      },
    ]);
  });

  test("a subject and a deployment stay the same, whatever the branch is called", () => {
    const mapping = JSON.stringify(resources(synthesized(), "google_iam_workload_identity_pool_provider"));
    // At most 127 bytes: 20 digits, a colon, 20 digits.
    expect(mapping).toContain('"google.subject":"assertion.repository_id + \\":\\" + assertion.run_id"');
    expect(mapping).not.toContain("attribute.branch");
  });

  test("gives the plan account the permissions it is given, and no predefined role", () => {
    const granted = resources(synthesized(), "google_project_iam_member").filter((found) =>
      JSON.stringify(found).includes("ci_plan_"),
    );
    expect(granted).toMatchObject([{ project: "my-project", role: "projects/my-project/roles/plan" }]);
    const roles = resources(synthesized(), "google_project_iam_custom_role");
    expect(roles).toContainEqual(
      expect.objectContaining({ role_id: "plan", permissions: ["storage.buckets.get"] }),
    );
  });

  test("gives the deploy account other permissions on some resources only", () => {
    const condition = { title: "mine", expression: 'resource.name == "x"' };
    const json = synthesized({
      limitedPermissions: [{ name: "storage", permissions: ["storage.buckets.update"], condition }],
    });
    expect(resources(json, "google_project_iam_custom_role")).toContainEqual(
      expect.objectContaining({ role_id: "deploy_storage", permissions: ["storage.buckets.update"] }),
    );
    expect(resources(json, "google_project_iam_member")).toContainEqual(
      expect.objectContaining({ role: "projects/my-project/roles/deploy_storage", condition }),
    );
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
      { role_id: "plan" },
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
      environment: "my environment",
      planRole: "p",
      limitedPermissions: [{ name: "A", permissions: [], condition: { title: "t", expression: "e" } }],
      grantableRoles: [],
    };
    expect(refusal(() => synthesized(wrong))).toBe(`CiIdentity at test/ci:
  - projectNumber: "my-project" must be the number of a project, not its id
  - poolName: "gcp-pool" must be 4 to 32 lowercase letters, digits and hyphens, not starting with gcp-
  - planRole: "p" must be 3 to 57 letters, digits, dots and underscores
  - deployRole: "my-role" must be 3 to 57 letters, digits, dots and underscores
  - repositoryId: "me/repo" must be a number, not a name: a name can be taken over by others
  - ownerId: "me" must be a number, not a name: a name can be taken over by others
  - branch: must not be empty
  - environment: "my environment" must be letters, digits, hyphens and underscores
  - limitedPermissions: "A" must be named with lowercase letters
  - grantableRoles: must not be empty`);
  });
});
