import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadCatalog } from "../fixtures/catalog";
import type { Environment, NetworkSettings } from "../../config/settings/environment";
import { loadEnvironment } from "../fixtures/config";
import { type EnvironmentRecord, recordedChanges, recordOf, stackNames } from "../../stacks";
import { synthesized } from "../../scripts/synthesized";
import { synthError } from "../support/platform";

const prod = loadEnvironment("prod");
const catalog = loadCatalog();
const record = recordOf(prod, catalog, stackNames(prod));
const kmsKey = "projects/p/locations/europe-west6/keyRings/r/cryptoKeys/k";

/** Keys of the changes that are refused. */
const refused = (environment: Environment, sets = catalog, deployed: EnvironmentRecord = record) =>
  recordedChanges({
    environment,
    catalog: sets,
    stacks: stackNames(environment),
    record: deployed,
  }).map(({ key }) => key);
const withRange = (network: Partial<NetworkSettings>) => ({
  ...prod,
  network: { subnetRange: "10.30.0.0/24", servicesRange: "10.40.0.0/20", ...network },
});
const without = (id: string) => new Map([...catalog].filter(([one]) => one !== id));
const retired = (id: string) =>
  recordOf(
    prod,
    new Map([...catalog].map(([one, spec]) => [one, one === id ? { ...spec, retired: true } : spec])),
    stackNames(prod),
  );

test("an environment that is deployed as it is recorded is not refused", () => {
  expect(refused(prod)).toEqual([]);
  expect(synthError({ environment: prod, record })).toBeUndefined();
});

test("stackNames are the stacks that are synthesized", () => {
  for (const environment of [prod, { ...prod, database: undefined, transfer: undefined }])
    expect(stackNames(environment).sort()).toEqual([...synthesized({ environment, catalog }).keys()]);
});

test.each<[key: string, Environment]>([
  ["prod.project.id", { ...prod, project: { ...prod.project, id: "another-prod" } }],
  ["prod.region", { ...prod, region: "europe-west1" }],
  ["prod.kmsKey", { ...prod, kmsKey }],
  ["prod.database.generation", { ...prod, database: prod.database && { ...prod.database, generation: 2 } }],
  ["prod.network.subnetRange", withRange({ subnetRange: "10.31.0.0/24" })],
  ["prod.network.subnetRange", withRange({ subnetRange: "10.30.0.0/25" })],
  ["prod.network.servicesRange", withRange({ servicesRange: "10.50.0.0/20" })],
  ["prod.namePattern", { ...prod, namePattern: "acme-{environment}-{purpose}" }],
  ["prod.existing.lakeBucket", { ...prod, existing: { lakeBucket: "their-lake" } }],
  ["prod.existing.datasets", { ...prod, existing: { datasets: { raw: "theirs" } } }],
  ["prod.stacks.database", { ...prod, database: undefined }],
  ["prod.stacks.transfer", { ...prod, transfer: undefined }],
])("a change of %s is refused", (key, environment) => {
  expect(refused(environment)).toEqual([key]);
  expect(synthError({ environment, record })?.message).toContain(`npm run golden -- --accept ${key}`);
  // Until the first deployment, everything can be changed.
  expect(synthError({ environment })).toBeUndefined();
});

test("what Terraform changes in place, or what does not exist yet, is not refused", () => {
  expect(refused(withRange({ subnetRange: "10.30.0.0/23" }))).toEqual([]);
  const foundation = { ...record, stacks: ["prod-foundation"] };
  const network = { subnetRange: "10.31.0.0/24", servicesRange: "10.50.0.0/20" };
  const database = prod.database && { ...prod.database, generation: 2 };
  expect(refused({ ...prod, network, database }, catalog, foundation)).toEqual([]);
  expect(refused({ ...prod, database: undefined, transfer: undefined }, catalog, foundation)).toEqual([]);
  // Whoever has only deployed the foundation can still remove the data sets of the example.
  expect(refused(prod, without("taxi_zones"), foundation)).toEqual([]);
  expect(recordOf(prod, without("taxi_zones"), [], foundation).datasets).not.toHaveProperty("taxi_zones");
});

test("a data set's file that is removed or renamed without retired is refused; after that, it is not", () => {
  expect(refused(prod, without("taxi_zones"))).toEqual(["prod.datasets.taxi_zones"]);
  expect(refused(prod, without("taxi_zones"), retired("taxi_zones"))).toEqual([]);
  expect(recordOf(prod, without("taxi_zones"), [], retired("taxi_zones")).datasets).toMatchObject({
    taxi_zones: "removed",
    yellow_tripdata: "active",
  });
});

test("the table of a removed data set is forgotten where data is protected: no plan deletes it", () => {
  const warehouse = (environment: Environment) =>
    synthesized({ environment, catalog: without("taxi_zones"), record: retired("taxi_zones") }).get(
      `${environment.name}-warehouse`,
    );
  const tables = synthesized({ environment: prod, catalog }).get("prod-warehouse")?.resource
    .google_bigquery_table;
  const [address] = Object.entries(tables ?? {}).flatMap(([id, { table_id: name }]) =>
    name === "taxi_zones" ? [`google_bigquery_table.${id}`] : [],
  );
  expect(address).toBeDefined();
  expect(warehouse(prod)?.removed).toEqual([{ from: address, lifecycle: { destroy: false } }]);
  expect(JSON.stringify(warehouse(prod)?.resource)).not.toContain("taxi_zones");
  // The tables of an environment that does not protect its data are deleted.
  expect(warehouse({ ...prod, protectData: false })?.removed).toBeUndefined();
});

test("docs/guardrails.md quotes the message", () => {
  const database = prod.database && { ...prod.database, generation: 2 };
  const environment = { ...prod, region: "europe-west1", database, transfer: undefined };
  const message = synthError({ environment, catalog: without("taxi_zones"), record })?.message;
  const docs = readFileSync(join(__dirname, "../../docs/guardrails.md"), "utf8");
  expect(docs).toContain(`\`\`\`\n${message}\n\`\`\``);
});

test("the generation of a database that was removed stays recorded, since its name is reserved", () => {
  const next = recordOf({ ...prod, database: undefined }, catalog, [], record);
  expect(next.settings["database.generation"]).toBe(1);
});
