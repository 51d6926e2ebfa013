import { loadCatalog } from "../fixtures/catalog";
import type { Environment } from "../../config/settings/environment";
import { loadEnvironment } from "../fixtures/config";
import { resourcesOf } from "../../guardrails/synthesis";
import { synthesized } from "../../scripts/synthesized";

const prod = loadEnvironment("prod");
const { database } = prod;
if (database === undefined) throw new Error("prod has no database");

/** The resources that have something to do with exports, except the permissions of GitHub. */
const exportsOf = (environment: Environment) =>
  [...synthesized({ environment, catalog: loadCatalog() })].flatMap(([stack, { resource }]) =>
    resourcesOf(stack, resource).filter(
      ({ path, values }) => !path.includes("/ci/") && /export/.test(path + JSON.stringify(values)),
    ),
  );

describe("the exports of prod", () => {
  const found = exportsOf(prod);
  const ofType = (type: string) => found.filter((one) => one.type === type);

  test("outlive the database: another stack has their bucket, to which the instance can only add", () => {
    expect(ofType("google_storage_bucket")).toMatchObject([
      {
        path: "prod-lake/database-exports",
        values: { name: "replace-me-prod-prod-database-exports", force_destroy: false },
      },
    ]);
    expect(ofType("google_storage_bucket_iam_member")).toMatchObject([
      {
        path: "prod-database/exports/storage-object-creator-identity",
        values: { role: "roles/storage.objectCreator" },
      },
    ]);
  });

  test("are started by an account that may export the instances of this environment, and nothing else", () => {
    expect(ofType("google_project_iam_custom_role")).toMatchObject([
      { values: { permissions: ["cloudsql.instances.export", "cloudsql.instances.get"] } },
    ]);
    expect(ofType("google_project_iam_member")).toMatchObject([
      {
        values: {
          role: "projects/replace-me-prod/roles/prod_export",
          condition: {
            expression:
              'resource.type != "sqladmin.googleapis.com/Instance" || ' +
              'resource.name.startsWith("projects/replace-me-prod/instances/prod-postgres-")',
          },
        },
      },
    ]);
    expect(ofType("google_workflows_workflow")).toMatchObject([{ values: { name: "prod-export" } }]);
    expect(ofType("google_cloud_scheduler_job")).toMatchObject([{ values: { schedule: "30 3 * * 0" } }]);
  });
});

test("nothing is exported without exportDays, or without a database", () => {
  expect(exportsOf({ ...prod, database: { ...database, exportDays: undefined } })).toEqual([]);
  expect(exportsOf({ ...prod, database: undefined })).toEqual([]);
});
