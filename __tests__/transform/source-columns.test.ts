import { loadCatalog } from "../fixtures/catalog";
import { type DatasetSpec, defineDataset } from "../../dataset";
import { projectFiles } from "../../transform/driver/project";
import { sourceColumnFaults, usedDatasets } from "../../transform/driver/source-columns";
import { testUnless } from "../support/unless";
import { missingModels } from "./support";

const catalog = loadCatalog();
const files = projectFiles();

/** The catalog after a column of yellow_tripdata was renamed. */
function renamed(from: string, to: string): ReadonlyMap<string, DatasetSpec> {
  const { id, description, source, columns } = spec("yellow_tripdata");
  const changed = defineDataset({
    ...{ id, description, source, grain: "month", firstPeriod: "2019-01" },
    columns: columns.map((column) => (column.name === from ? { ...column, name: to } : column)),
  });
  return new Map(catalog).set(id, changed);
}

function spec(id: string): DatasetSpec {
  const found = catalog.get(id);
  if (found === undefined) throw new Error(`no data set ${id}`);
  return found;
}

const model = (text: string) => [{ path: "transform/models/staging/any.sql", text }];

testUnless(missingModels)("the models select columns that the catalog has", () => {
  expect(sourceColumnFaults(files, catalog)).toEqual([]);
  expect(usedDatasets(files)).toEqual(["fhv_tripdata", "green_tripdata", "taxi_zones", "yellow_tripdata"]);
});

testUnless(missingModels)(
  "a column renamed in the catalog: the fault names the model, the column and the specification",
  () => {
    const faults = sourceColumnFaults(files, renamed("fare_amount", "fare"));
    expect(faults).toEqual([
      expect.stringMatching(
        /^transform\/models\/staging\/base\/base_yellow_tripdata\.sql: column fare_amount does not exist in the specification catalog\/yellow_tripdata\.ts; available columns: VendorID, .*\bfare\b/,
      ),
    ]);
  },
);

test.each(spec("yellow_tripdata").columns.map(({ name }) => [name]))(
  "every column of yellow_tripdata is checked: %s",
  (name) => {
    // Partition and clustering are not part of this specification, so any column can be renamed.
    const selected = model(`select ${name} from {{ source('raw', 'yellow_tripdata') }}`);
    expect(sourceColumnFaults(selected, renamed(name, "other"))).toHaveLength(1);
  },
);

test.each([
  ["select * from {{ source('raw', 'taxi_zones') }}", /list the columns of raw\.taxi_zones/],
  ["select z.* from {{ source('raw', 'taxi_zones') }} z", /list the columns/],
  ["with a as (select 1) select upper(Zone) from {{ source('raw', 'taxi_zones') }}", /list the columns/],
  ['select Zone, Bogus as b from {{ source("raw", "taxi_zones") }}', /column Bogus does not exist/],
  ["select Zone from {{ source('raw', 'zones') }}", /data set zones does not exist in catalog\//],
])("%s", (text, fault) => {
  expect(sourceColumnFaults(model(text), catalog)).toEqual([expect.stringMatching(fault)]);
});

test("comments, case and aliases do not matter", () => {
  const text = `-- from {{ source('raw', 'nothing') }}
    {# select x from {{ source('raw', 'nothing') }} #}
    SELECT locationid AS id, ZONE -- the name
    FROM {{ source('raw', 'taxi_zones') }}`;
  expect(sourceColumnFaults(model(text), catalog)).toEqual([]);
});
