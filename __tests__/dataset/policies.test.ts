import { type DatasetProps, defineDataset, specDigest, specFromJson, specToJson } from "../../dataset";

const tag = "projects/p/locations/europe-west6/taxonomies/1/policyTags/2";
const props = {
  id: "customers",
  description: "One row per customer.",
  source: { url: "https://example.com/customers.csv", format: "csv" },
  grain: "once",
  columns: [
    { name: "region", type: "STRING", description: "Region." },
    { name: "email", type: "STRING", description: "Address.", policyTag: tag },
  ],
  rowAccess: [{ name: "europe", filter: 'region = "EU"', grantees: ["group:europe@example.com"] }],
} as const satisfies DatasetProps;
const plain = {
  ...props,
  columns: props.columns.map((column) => ({ ...column, policyTag: undefined })),
  rowAccess: undefined,
};

test("policies are unchanged after a round trip through JSON", () => {
  const spec = defineDataset(props);
  expect(spec.columns[1]?.policyTag).toBe(tag);
  expect(specFromJson(specToJson(spec))).toEqual(spec);
});

test("a specification without policies has the JSON that it had before there were any", () => {
  expect(specToJson(defineDataset(plain))).not.toMatch(/policy|rowAccess/i);
});

test("policies do not affect the data: no period is converted again because of them", () => {
  expect(specDigest(defineDataset(props))).toBe(specDigest(defineDataset(plain)));
});

test("a policy tag is the name of a resource, or a name in an environment", () => {
  const withTag = (policyTag: string) => () =>
    defineDataset({ ...props, columns: [props.columns[0], { ...props.columns[1], policyTag }] });
  expect(withTag("personal_data")().columns[1]?.policyTag).toBe("personal_data");
  for (const wrong of ["", "Personal Data", "projects/p/taxonomies/1/policyTags/2", `${tag}/`])
    expect(withTag(wrong)).toThrow(
      `columns.email.policyTag: "${wrong}" must be a name in policyTags of the environment`,
    );
});

test("the faults of row access policies are listed, each with what to do", () => {
  const long = "x".repeat(257);
  const grantees = ["group:a@example.com"];
  const define = (rowAccess: DatasetProps["rowAccess"]) => () => defineDataset({ ...props, rowAccess });
  expect(define([])).toThrow("rowAccess: must not be empty; remove it, or add a policy");
  expect(
    define([
      { name: "europe", filter: " ", grantees: [] },
      {
        name: "Europe",
        filter: "TRUE",
        grantees: ["allAuthenticatedUsers", "a@example.com", "domain:example.com"],
      },
      { name: "a-b", filter: "TRUE", grantees },
      { name: long, filter: "TRUE", grantees },
      { name: "tributary_platform", filter: "TRUE", grantees },
    ]),
  ).toThrow(`data set customers: 8 faults
  - rowAccess.europe.filter: must not be empty; a policy for all rows is TRUE
  - rowAccess.europe.grantees: must not be empty
  - rowAccess.Europe: is defined twice
  - rowAccess.Europe.grantees: "allAuthenticatedUsers" must be group:<email>, user:<email>, serviceAccount:<email> or domain:<domain>
  - rowAccess.Europe.grantees: "a@example.com" must be group:<email>, user:<email>, serviceAccount:<email> or domain:<domain>
  - rowAccess.a-b: must contain only letters, digits and underscores, at most 256
  - rowAccess.${long}: must contain only letters, digits and underscores, at most 256
  - rowAccess.tributary_platform: is a reserved name; the platform adds this policy`);
});
