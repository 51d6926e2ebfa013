import { loadEnvironment } from "../fixtures/config";
import { synthError } from "../support/platform";

const prod = loadEnvironment("prod");

test.each([
  ["10.30.0.0/26", 3],
  ["10.30.0.0/24", 15],
  ["10.30.0.0/20", 100],
])("the subnet %s has enough addresses for %i periods of eight data sets", (subnetRange, parallelPeriods) => {
  const network = { subnetRange, servicesRange: "10.40.0.0/20" };
  const ingestion = { ...prod.ingestion, parallelPeriods };
  expect(synthError({ environment: { ...prod, network, ingestion } })).toBeUndefined();
});

test("a subnet without an address for each task is refused, with what would do", () => {
  const ingestion = { ...prod.ingestion, parallelPeriods: 16 };
  expect(synthError({ environment: { ...prod, ingestion } })?.message).toBe(
    'config/prod.ts: 1 fault\n  - network.subnetRange: "10.30.0.0/24" has 252 addresses, but a backfill of 8 data sets ' +
      "with ingestion.parallelPeriods = 16 runs 128 tasks at the same time, which need 256; use a /23, or at most 15 " +
      "parallel periods",
  );
  // Without a database, tasks do not use the subnet.
  expect(synthError({ environment: { ...prod, ingestion, database: undefined } })).toBeUndefined();
});
