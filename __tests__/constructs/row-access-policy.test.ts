import { RowAccessPolicy, type RowAccessPolicyProps } from "../../constructs/row-access-policy";
import { GoogleGroup, ServiceIdentity } from "../../constructs/service-identity";
import { WarehouseDataset } from "../../constructs/warehouse-dataset";
import { WarehouseTable } from "../../constructs/warehouse-table";
import { only, refusal } from "./support";

const policy = (props: Partial<RowAccessPolicyProps> = {}) =>
  only("google_bigquery_row_access_policy", (stack) => {
    const table = WarehouseTable.fromName(stack, "t", WarehouseDataset.fromName(stack, "raw", "raw"), "t");
    const identities = [
      new GoogleGroup(stack, "g", "europe@example.com"),
      ServiceIdentity.fromEmail(stack, "s", "s@p.iam.gserviceaccount.com"),
    ];
    new RowAccessPolicy(stack, "europe", {
      table,
      name: "europe",
      filter: 'region = "EU"',
      identities,
      ...props,
    });
  });

describe("RowAccessPolicy", () => {
  test("lets identities read the rows of a filter", () => {
    expect(policy()).toEqual({
      dataset_id: "raw",
      table_id: "t",
      policy_id: "europe",
      filter_predicate: 'region = "EU"',
      grantees: ["group:europe@example.com", "serviceAccount:s@p.iam.gserviceaccount.com"],
    });
  });

  test("keeps templates in its filter", () => {
    expect(policy({ filter: "a = '${x}'" })).toMatchObject({ filter_predicate: "a = '$${x}'" });
  });

  test("rejects an invalid name, an empty filter, and no identity", () => {
    expect(refusal(() => policy({ name: "a-b", filter: " ", identities: [] })))
      .toBe(`RowAccessPolicy at test/europe:
  - name: "a-b" must be letters, digits and underscores, at most 256
  - filter: must not be empty; the filter of all rows is TRUE
  - identities: must not be empty`);
  });
});
