import { loadCatalog } from "../fixtures/catalog";
import { loadEnvironment } from "../fixtures/config";
import { nextRecords } from "../../scripts/records";
import { environmentRecords, recordOf, stackNames } from "../../stacks";

const prod = loadEnvironment("prod");
const dev = loadEnvironment("dev");
const catalog = loadCatalog();
const records = { prod: recordOf(prod, catalog, ["prod-foundation"]) };
const moved = { ...prod, region: "europe-west1" };

test("an environment that is not deployed gets no record", () => {
  expect(nextRecords({}, { environments: [dev, moved], catalog, accepted: [] })).toEqual({});
});

test("the record of a deployed environment follows its configuration", () => {
  expect(nextRecords(records, { environments: [dev, prod], catalog, accepted: [] })).toEqual({
    prod: recordOf(prod, catalog, stackNames(prod)),
  });
});

test("a change that loses something is recorded only when it is accepted", () => {
  const next = (...accepted: string[]) => nextRecords(records, { environments: [moved], catalog, accepted });
  expect(() => next()).toThrow('region: "europe-west1", but "europe-west6" is deployed');
  expect(next("prod.region").prod?.settings.region).toBe("europe-west1");
  expect(() => next("prod.region", "prod.kmsKey")).toThrow(
    "prod.kmsKey: is not a change; changes: prod.region",
  );
});

test("an environment whose file is gone is refused until it is destroyed", () => {
  const next = (...accepted: string[]) => nextRecords(records, { environments: [dev], catalog, accepted });
  expect(() => next()).toThrow("prod: does not exist, but the environment is deployed");
  expect(next("prod.environment")).toEqual({});
});

test("this project is not deployed anywhere: its first users are refused nothing", () => {
  for (const name of Object.keys(environmentRecords))
    expect(loadEnvironment(name).project.id).not.toContain("replace-me");
});
