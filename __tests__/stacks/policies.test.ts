import * as z from "zod/mini";
import type { Environment } from "../../config/settings/environment";
import { loadEnvironment } from "../fixtures/config";
import { type DatasetSpec, defineDataset, type OnceProps, specFromDeployment } from "../../dataset";
import { type StackJson, synthesized } from "../../scripts/synthesized";
import { synthError } from "../support/platform";
import { stackFaults } from "../support/provider-schema";

const tag = "projects/governance/locations/europe-west6/taxonomies/1/policyTags/2";
const prod: Environment = {
  ...loadEnvironment("prod"),
  transfer: undefined,
  policyTags: { personal_data: tag },
};
const props = {
  id: "customers",
  description: "One row per customer.",
  source: { url: "https://example.com/customers.csv", format: "csv" },
  grain: "once",
  columns: [
    { name: "region", type: "STRING", description: "Region." },
    { name: "email", type: "STRING", description: "Address.", policyTag: "personal_data" },
  ],
} as const satisfies OnceProps;
const rowAccess = [{ name: "europe", filter: 'region = "EU"', grantees: ["group:europe@example.com"] }];

const stacksOf = (environment: Environment, more: Partial<OnceProps> = {}) => {
  const spec: DatasetSpec = defineDataset({ ...props, ...more });
  return synthesized({ environment, catalog: new Map([[spec.id, spec]]), schemas: {} });
};
const ofType = (stacks: ReadonlyMap<string, StackJson>, stack: string, type: string) =>
  Object.values(stacks.get(`prod-${stack}`)?.resource[type] ?? {});

const table = z.looseObject({ table_id: z.string(), schema: z.string() });
const fields = z.array(z.looseObject({ name: z.string() }));
const policy = z.looseObject({
  table_id: z.string(),
  policy_id: z.string(),
  filter_predicate: z.string(),
  grantees: z.array(z.string()),
  depends_on: z.optional(z.array(z.string())),
});
const roleShape = z.looseObject({ role_id: z.string(), permissions: z.array(z.string()) });
const role = (stacks: ReadonlyMap<string, StackJson>, id: string) =>
  ofType(stacks, "foundation", "google_project_iam_custom_role")
    .map((values) => roleShape.parse(values))
    .find(({ role_id: found }) => found === id)?.permissions;

test("both tables of a data set have the policy tags of the environment, and so has the specification of the job", () => {
  const stacks = stacksOf(prod);
  const tables = ofType(stacks, "warehouse", "google_bigquery_table").map((values) => table.parse(values));
  expect(tables.map(({ table_id: id }) => id).sort()).toEqual(["customers", "customers_lake"]);
  for (const { schema } of tables) {
    const [region, email] = fields.parse(JSON.parse(schema));
    expect(region).not.toHaveProperty("policyTags");
    expect(email).toMatchObject({ name: "email", policyTags: { names: [tag] } });
  }
  const [object] = ofType(stacks, "ingestion", "google_storage_bucket_object");
  const { content } = z.looseObject({ content: z.string() }).parse(object);
  expect(specFromDeployment(content).columns[1]?.policyTag).toBe(tag);
});

test("row access policies are on both tables, and the platform's own accounts read all rows", () => {
  const stacks = stacksOf(prod, { rowAccess });
  const found = ofType(stacks, "warehouse", "google_bigquery_row_access_policy").map((values) =>
    policy.parse(values),
  );
  expect(found).toHaveLength(4);
  expect(found.filter(({ policy_id: id }) => id === "europe")).toMatchObject(
    [0, 1].map(() => ({ filter_predicate: 'region = "EU"', grantees: ["group:europe@example.com"] })),
  );
  const platform = found.filter(({ policy_id: id }) => id === "tributary_platform");
  const account = (name: string) => `serviceAccount:prod-${name}@replace-me-prod.iam.gserviceaccount.com`;
  expect(platform).toMatchObject(
    [0, 1].map(() => ({ filter_predicate: "TRUE", grantees: [account("ingest"), account("transform")] })),
  );
  expect(new Set(found.map(({ table_id: id }) => id)).size).toBe(2);
  // Otherwise the job would count no rows until its policy is created.
  for (const { policy_id: id, depends_on: first } of found)
    expect(first?.length ?? 0).toBe(id === "europe" ? 1 : 0);
});

test("the resources conform to the provider's schema", () => {
  expect([...stacksOf(prod, { rowAccess }).values()].flatMap((json) => stackFaults(json))).toEqual([]);
});

test("the job may set the policy tags that its loads name, only if a data set has any", () => {
  const grants = (stacks: ReadonlyMap<string, StackJson>) => JSON.stringify([...stacks]);
  const tagged = stacksOf(prod);
  expect(role(tagged, "prod_load")).toContain("bigquery.tables.setCategory");
  expect(role(tagged, "prod_tag")).toEqual(["datacatalog.taxonomies.get"]);
  expect(grants(tagged)).toContain('"role":"projects/replace-me-prod/roles/prod_tag"');
  const plain = stacksOf(prod, { columns: [props.columns[0]] });
  expect(role(plain, "prod_load")).not.toContain("bigquery.tables.setCategory");
  expect(role(plain, "prod_tag")).toBeUndefined();
  expect(grants(plain)).not.toContain("prod_tag");
});

test("a policy tag that the environment does not have, or in another region, fails the synthesis", () => {
  const failure = (policyTags: Environment["policyTags"]) => {
    const spec = defineDataset(props);
    return synthError({ environment: { ...prod, policyTags }, catalog: new Map([[spec.id, spec]]) })?.message;
  };
  expect(failure({ secret: tag })).toBe(
    'data set customers: 1 fault\n  - columns.email.policyTag: "personal_data" does not exist in policyTags of ' +
      "config/prod.ts; available policy tags: secret",
  );
  expect(failure({ personal_data: tag.replace("europe-west6", "us") })).toBe(
    'data set customers: 1 fault\n  - columns.email.policyTag: "personal_data" is in us; a column takes tags only of ' +
      "the region of its table, europe-west6",
  );
});
