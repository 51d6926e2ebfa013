import type { TerraformStack } from "cdktf";
import {
  GoogleGroup,
  GoogleUser,
  type Identity,
  isTooBroad,
  ServiceIdentity,
} from "../../constructs/service-identity";
import { resources, stackOf } from "../support/stack";
import { member, only, reader, refusal, like } from "./support";

const ingest = (stack: TerraformStack, project?: string) =>
  new ServiceIdentity(stack, "ingest", { name: "my-ingest", description: "Ingests", project });
const role = "roles/bigquery.jobUser";

const identities: Record<string, (stack: TerraformStack) => Identity> = {
  "a new service account": (stack) => ingest(stack),
  "an imported service account": reader,
  "a group": (stack) => new GoogleGroup(stack, "team", "team@example.com"),
  "a user": (stack) => new GoogleUser(stack, "ada", "ada@example.com"),
};

describe.each(Object.entries(identities))("%s", (_, identity) => {
  test("can be granted a role on a project, with a condition", () => {
    const condition = { title: "t", expression: "true" };
    const found = only("google_project_iam_member", (stack) => {
      identity(stack).grantOnProject(role, { project: "q", condition });
    });
    expect(found).toMatchObject({ project: "q", role, condition });
  });

  test.each(["roles/owner", "roles/editor", "roles/storage.admin", "roles/iam.serviceAccountTokenCreator"])(
    "cannot be granted %s on a project",
    (broad) => {
      expect(refusal((stack) => identity(stack).grantOnProject(broad))).toContain(
        `role: ${broad} gives too much control of the project; grant it on a resource, or grant a narrower role`,
      );
    },
  );
});

describe("ServiceIdentity", () => {
  test("has no keys and no access", () => {
    const json = stackOf((stack) => ingest(stack, "q"));
    expect(resources(json, "google_service_account")).toEqual([
      { account_id: "my-ingest", display_name: "Ingests", project: "q" },
    ]);
    expect(Object.keys(json.resource)).toEqual(["google_service_account"]);
  });

  test("gets roles on its own project by default", () => {
    const found = only("google_project_iam_member", (stack) => ingest(stack, "q").grantOnProject(role));
    expect(found).toMatchObject({
      project: like(/^\$\{google_service_account\..*\.project\}$/),
    });
  });

  test("can be acted as by those it is granted to, new or imported", () => {
    const json = stackOf((stack) => {
      const deployer = ServiceIdentity.fromEmail(stack, "deployer", "deployer@p.iam.gserviceaccount.com");
      ingest(stack).grantActAs(reader(stack));
      deployer.grantActAs(new GoogleGroup(stack, "team", "team@example.com"));
    });
    const granted = { role: "roles/iam.serviceAccountUser" };
    expect(resources(json, "google_service_account_iam_member")).toEqual([
      {
        ...granted,
        service_account_id: "projects/-/serviceAccounts/deployer@p.iam.gserviceaccount.com",
        member: "group:team@example.com",
      },
      { ...granted, service_account_id: like(/^\$\{google_service_account/), member },
    ]);
  });

  test("rejects names IAM does not accept, and addresses that are not email addresses", () => {
    const props = { name: "x", description: "d" };
    expect(refusal((stack) => new ServiceIdentity(stack, "ingest", props))).toBe(
      `ServiceIdentity at test/ingest:
  - name: "x" must be 6 to 30 lowercase letters, digits and hyphens, starting with a letter`,
    );
    expect(refusal((stack) => new GoogleGroup(stack, "team", "group:team@example.com"))).toBe(
      'GoogleGroup at test/team:\n  - email: "group:team@example.com" must be an email address',
    );
    expect(refusal((stack) => ServiceIdentity.fromEmail(stack, "a", "a"))).toContain("an email address");
  });
});

describe("isTooBroad", () => {
  test.each(["roles/viewer", "roles/bigquery.jobUser", "roles/run.invoker"])("lets %s pass", (narrow) => {
    expect(isTooBroad(narrow)).toBe(false);
  });
});
