import { loadCatalog } from "../../catalog";
import { environments } from "../../config";
import { synthesized } from "../../scripts/synthesized";
import { describeUnless } from "../support/unless";
import { missingSchemas, schemaFaults, schemaOf, stackFaults } from "../support/provider-schema";

describeUnless(missingSchemas)("synthesized resources against the providers' schemas", () => {
  test.each(environments.map((environment) => [environment.name, environment] as const))(
    "every resource of %s is one the providers accept",
    (_, environment) => {
      const stacks = synthesized({ environment, catalog: loadCatalog() });
      expect(
        [...stacks].flatMap(([name, json]) => stackFaults(json).map((fault) => `${name}: ${fault}`)),
      ).toEqual([]);
    },
  );

  test("the check finds what is missing, unknown, computed, deprecated, and miscounted", () => {
    const schema = schemaOf("google_bigquery_table");
    if (schema === undefined) throw new Error("no schema of google_bigquery_table");
    const faults = schemaFaults(
      "table",
      {
        table_id: "t",
        etag: "x",
        colour: "red",
        view: [{ query: "select 1" }, { use_legacy_sql: false }],
        time_partitioning: { type: "DAY", require_partition_filter: true },
      },
      schema,
    );
    expect(faults).toEqual([
      "table.dataset_id is required",
      "table.etag is computed, it cannot be set",
      "table.colour is unknown",
      "table.view[1].query is required",
      "table.time_partitioning[0].require_partition_filter is deprecated",
      "table.view: 2 blocks, more than 1",
    ]);
  });
});
