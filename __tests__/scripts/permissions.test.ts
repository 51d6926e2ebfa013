import { loadCatalog } from "../fixtures/catalog";
import { environments, loadEnvironment } from "../fixtures/config";
import { customRolesIn, grantsIn } from "../../scripts/permissions/grants";
import { documentedEnvironment, permissionsPage } from "../../scripts/permissions/page";
import { reasonKey, reasonOf, reasons } from "../../scripts/permissions/reasons";
import { synthesized, type StackJson } from "../../scripts/synthesized";
import { withComposer } from "../../scripts/with-composer";
import { withStreaming } from "../../scripts/with-streaming";

const catalog = loadCatalog();
const stacksOf = (name: string) => synthesized({ environment: loadEnvironment(name), catalog });
const prod = loadEnvironment(documentedEnvironment);
const stacks = stacksOf(documentedEnvironment);
const kafka = synthesized({ environment: withStreaming(prod), catalog });
const composer = synthesized({ environment: withComposer(prod), catalog });

test.each(environments.map(({ name }) => name))(
  "every grant in %s has a reason, and names that are resolved",
  (name) => {
    const lines = grantsIn(loadEnvironment(name), stacksOf(name));
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) {
      const { who, what, where } = line;
      expect([reasonKey(line), reasonOf(line) !== undefined]).toEqual([reasonKey(line), true]);
      expect(`${who} ${what} ${where}`).not.toMatch(/\$\{/);
    }
  },
);

test("no reason is left of a grant that is gone", () => {
  const given = new Set([stacks, composer, kafka].flatMap((all) => grantsIn(prod, all).map(reasonKey)));
  expect(Object.keys(reasons).filter((key) => !given.has(key))).toEqual([]);
});

test("a grant of a type that the page does not know, or without a reason, is an error", () => {
  const with_ = (type: string, values: object) =>
    new Map<string, StackJson>([["prod-x", { resource: { [type]: { it: { ...values } } } }]]);
  expect(() => grantsIn(prod, with_("google_pubsub_topic_iam_member", {}))).toThrow(
    "google_pubsub_topic_iam_member is not in scripts/permissions/grants.ts",
  );
  const member = { role: "roles/run.admin", member: "group:a@example.com" };
  expect(() => permissionsPage(prod, with_("google_project_iam_member", member), stacks)).toThrow(
    "scripts/permissions/reasons.ts has no reason for: group roles/run.admin",
  );
});

test("the page can be written for other groups and another branch than those of the example", () => {
  const own = {
    ...prod,
    readers: { core: ["everyone@example.org"], raw: [] },
    ci: prod.ci && { ...prod.ci, branch: "trunk", environment: "live" },
  };
  const page = permissionsPage(own, synthesized({ environment: own, catalog }), composer);
  expect(page).toContain("| group everyone@example.org | `roles/bigquery.dataViewer` | dataset core |");
  expect(page).toContain("| jobs of the branch trunk in the environment live |");
});

test("all custom roles are on the page, with their permissions", () => {
  const roles = customRolesIn(prod, stacks);
  expect(roles.map(({ name }) => name).sort()).toEqual([
    "batches",
    "deploy",
    "deploy_bigquery",
    "deploy_grants",
    "deploy_storage",
    "export",
    "list",
    "load",
    "plan",
    "run",
    "transfer",
  ]);
  for (const { permissions } of roles) expect(permissions).not.toEqual([]);
});
