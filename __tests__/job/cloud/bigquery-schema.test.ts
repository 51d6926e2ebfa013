import { defineDataset } from "../../../dataset";
import { columnsIn, schemaFaults, unresolvedTags } from "../../../job/warehouse/bigquery-schema";

const tag = "projects/p/locations/europe-west6/taxonomies/1/policyTags/2";
const customers = (policyTag: string | undefined) =>
  defineDataset({
    id: "customers",
    description: "Customers.",
    source: { url: "https://example.com/customers.csv", format: "csv" },
    grain: "once",
    columns: [
      { name: "id", type: "INTEGER", mode: "REQUIRED", description: "Number." },
      {
        name: "email",
        type: "STRING",
        description: "Address.",
        ...(policyTag !== undefined && { policyTag }),
      },
    ],
  });
const table = (...fields: object[]) => columnsIn({ schema: { fields } });
const id = { name: "id", type: "INT64", mode: "REQUIRED" };

test("schemaFaults accepts synonyms of types, and columns that only the table has", () => {
  const found = table(id, { name: "email", type: "STRING" }, { name: "other", type: "STRING" });
  expect(schemaFaults(customers(undefined), found)).toEqual([]);
});

test("schemaFaults lists missing columns, other types and columns that are still REQUIRED", () => {
  expect(schemaFaults(customers(undefined), table({ ...id, type: "STRING" }))).toEqual([
    "column id has the type STRING, but the specification requires INTEGER",
    "column email is missing",
  ]);
  expect(
    schemaFaults(customers(undefined), table(id, { name: "email", type: "STRING", mode: "REQUIRED" })),
  ).toEqual(["column email is REQUIRED, but NULLABLE in the specification"]);
});

test("no row is loaded before a column has the policy tag of the specification", () => {
  const email = { name: "email", type: "STRING" };
  const tagged = (name: string) => table(id, { ...email, policyTags: { names: [name] } });
  expect(schemaFaults(customers(tag), tagged(tag))).toEqual([]);
  expect(schemaFaults(customers(tag), table(id, email))).toEqual([
    `column email has no policy tag, but the specification requires ${tag}`,
  ]);
  expect(schemaFaults(customers(tag), tagged("other"))).toEqual([
    `column email has other, but the specification requires ${tag}`,
  ]);
  // No load removes it.
  expect(schemaFaults(customers(undefined), tagged(tag))).toEqual([]);
});

test("unresolvedTags are names that BigQuery does not know", () => {
  expect(unresolvedTags(customers("personal_data"))).toEqual(["email: personal_data"]);
  expect(unresolvedTags(customers(tag))).toEqual([]);
});
