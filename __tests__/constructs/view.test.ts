import { View, type ViewProps } from "../../constructs/view";
import { WarehouseDataset } from "../../constructs/warehouse-dataset";
import { only, refusal } from "./support";

const view = (props: Partial<ViewProps> = {}) =>
  only("google_bigquery_table", (stack) => {
    const dataset = WarehouseDataset.fromName(stack, "core", "core");
    new View(stack, "v", { dataset, name: "v", query: "select 1", ...props });
  });

describe("View", () => {
  test("is a query in GoogleSQL; it stores nothing, so it is not protected", () => {
    expect(view()).toEqual({
      dataset_id: "core",
      table_id: "v",
      view: { query: "select 1", use_legacy_sql: false },
      deletion_protection: false,
    });
  });

  test("accepts labels and a description, and keeps templates in its texts", () => {
    const props = { query: "select '${x}'", description: "d ${x}", labels: { a: "b" } };
    expect(view(props)).toMatchObject({
      view: { query: "select '$${x}'" },
      description: "d $${x}",
      labels: { a: "b" },
    });
  });

  test("rejects an empty query and an invalid name", () => {
    expect(refusal(() => view({ name: "a-b", query: " " }))).toBe(`View at test/v:
  - name: "a-b" must be letters, digits and underscores, at most 1024
  - query: must not be empty`);
  });
});
