import { schemaEvolution, type TableShape } from "../../../guardrails";
import { said } from "../support";

interface Column {
  readonly name: string;
  readonly type: string;
  readonly mode?: string;
  readonly description?: string;
  readonly fields?: readonly Column[];
}

const id: Column = { name: "id", type: "INTEGER", mode: "REQUIRED" };
const zone: Column = { name: "zone", type: "STRING" };
const stop = (type: string, mode?: string): Column => ({
  name: "stops",
  type: "RECORD",
  mode: "REPEATED",
  fields: [{ name: "at", type, mode }],
});
const deployed: TableShape = {
  partition: "day by month",
  columns: {
    id: "INTEGER REQUIRED",
    zone: "STRING",
    stops: "RECORD REPEATED",
    "stops.at": "TIMESTAMP REQUIRED",
  },
};
const unchanged = [id, zone, stop("TIMESTAMP", "REQUIRED")];

function changed(columns: readonly Column[], more: object = {}): string[] {
  const table = {
    dataset_id: "core",
    table_id: "trips",
    time_partitioning: [{ field: "day", type: "MONTH" }],
    schema: JSON.stringify(columns),
    ...more,
  };
  const rule = schemaEvolution({ deployed: { "core.trips": deployed } });
  return said(rule, { google_bigquery_table: { trips: table } }).map((one) =>
    one
      .replace("test/google_bigquery_table.trips ", "")
      .replace(
        " | revert the change, or remove core.trips from the list of deployed tables if it may be replaced",
        "",
      ),
  );
}

const replaced = ": Terraform would replace the table with an empty one";

test.each<readonly [string, string[], string[]]>([
  [
    "a new required column",
    changed([...unchanged, { name: "since", type: "DATE", mode: "REQUIRED" }]),
    [`adds the REQUIRED column since${replaced}`],
  ],
  [
    "a new required column in a record that exists",
    changed([
      id,
      zone,
      {
        ...stop("TIMESTAMP", "REQUIRED"),
        fields: [
          { name: "at", type: "TIMESTAMP", mode: "REQUIRED" },
          { name: "zone", type: "STRING", mode: "REQUIRED" },
        ],
      },
    ]),
    [`adds the REQUIRED column stops.zone${replaced}`],
  ],
  [
    "a column with another type",
    changed([id, { ...zone, type: "INTEGER" }, stop("TIMESTAMP", "REQUIRED")]),
    [`changes the column zone from STRING to INTEGER${replaced}`],
  ],
  [
    "a column that becomes required",
    changed([id, { ...zone, mode: "REQUIRED" }, stop("TIMESTAMP", "REQUIRED")]),
    [`changes the column zone from STRING to STRING REQUIRED${replaced}`],
  ],
  [
    "a column that becomes repeated",
    changed([id, { ...zone, mode: "REPEATED" }, stop("TIMESTAMP", "REQUIRED")]),
    [`changes the column zone from STRING to STRING REPEATED${replaced}`],
  ],
  [
    "a nested column with another type",
    changed([id, zone, stop("DATETIME", "REQUIRED")]),
    [`changes the column stops.at from TIMESTAMP REQUIRED to DATETIME REQUIRED${replaced}`],
  ],
  [
    "a dropped column",
    changed([id, stop("TIMESTAMP", "REQUIRED")]),
    ["drops the column zone: Terraform would delete its data"],
  ],
  [
    "another granularity",
    changed(unchanged, { time_partitioning: [{ field: "day", type: "DAY" }] }),
    [`changes its partition from day by month to day by day${replaced}`],
  ],
  [
    "another partitioning column",
    changed(unchanged, { time_partitioning: [{ type: "MONTH" }] }),
    [`changes its partition from day by month to time of loading by month${replaced}`],
  ],
  [
    "partitioning by a range",
    changed(unchanged, { time_partitioning: undefined, range_partitioning: [{ field: "id" }] }),
    [`changes its partition from day by month to id by range${replaced}`],
  ],
  [
    "no partitioning",
    changed(unchanged, { time_partitioning: undefined }),
    [`changes its partition from day by month to none${replaced}`],
  ],
])("schemaEvolution finds %s", (_, found, expected) => {
  expect(found).toEqual(expected);
});

test("schemaEvolution accepts changes that BigQuery makes in place", () => {
  expect(changed(unchanged)).toEqual([]);
  const since: Column = { name: "since", type: "DATE" };
  expect(
    changed([{ ...id, mode: "NULLABLE" }, { ...zone, description: "New words." }, stop("TIMESTAMP"), since]),
  ).toEqual([]);
  // The rows of a record that is new itself have its required columns.
  expect(changed([...unchanged, { ...stop("DATE", "REQUIRED"), name: "visits" }])).toEqual([]);
});

test("schemaEvolution accepts tables that are not deployed, and views and external tables", () => {
  const schema = JSON.stringify([zone]);
  const rule = schemaEvolution({ deployed: { "core.trips": deployed } });
  const tables = {
    other: { dataset_id: "core", table_id: "zones", schema },
    view: { dataset_id: "core", table_id: "trips", view: {}, schema },
    materialized: { dataset_id: "core", table_id: "trips", materialized_view: {}, schema },
    lake: { dataset_id: "core", table_id: "trips", external_data_configuration: {}, schema },
  };
  expect(said(rule, { google_bigquery_table: tables })).toEqual([]);
});

test("schemaEvolution uses the ids of tables and the fix of the caller", () => {
  const rule = schemaEvolution({
    deployed: { trips: { partition: "none", columns: { id: "STRING" } } },
    tableId: ({ table }) => table,
    fix: (table) => `ask before ${table} is replaced`,
  });
  const table = { dataset_id: "dev_raw", table_id: "trips", schema: JSON.stringify([id]) };
  expect(said(rule, { google_bigquery_table: { trips: table } })).toEqual([
    `test/google_bigquery_table.trips changes the column id from STRING to INTEGER REQUIRED${replaced} | ask before trips is replaced`,
  ]);
});
