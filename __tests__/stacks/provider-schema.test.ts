import { loadCatalog } from "../../catalog";
import { environments } from "../../config";
import { synthesized } from "../../scripts/synthesized";
import { missingSchemas, resourceSchemas, schemaFaults } from "../support/provider-schema";

if (missingSchemas !== undefined) console.log(missingSchemas);
const described = missingSchemas === undefined ? describe : describe.skip;

described("synthesized resources against the providers' schemas", () => {
  const schemas = resourceSchemas();

  test.each(environments.map(({ name }) => name))(
    "every resource of %s is one the providers accept",
    (name) => {
      const environment = environments.find((candidate) => candidate.name === name);
      if (environment === undefined) throw new Error(name);
      const faults = [...synthesized({ environment, catalog: loadCatalog() })].flatMap(
        ([stack, { resource }]) =>
          Object.entries(resource).flatMap(([type, byId]) =>
            Object.entries(byId).flatMap(([id, values]) => {
              const schema = schemas.get(type);
              const where = `${stack}: ${type}.${id}`;
              return schema === undefined
                ? [`${where}: no schema of this type`]
                : schemaFaults(where, values, schema);
            }),
          ),
      );
      expect(faults).toEqual([]);
    },
  );

  test("the check finds what is missing, unknown, computed, deprecated, and miscounted", () => {
    const schema = schemas.get("google_bigquery_table");
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
