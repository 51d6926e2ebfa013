import { environments, loadEnvironment } from "../../config";
import { dev } from "../../config/dev";
import { environmentNamed } from "../../config/validate";
import { ConfigurationError } from "../../errors/faults";

test.each(environments.map(({ name }) => name))("%s is valid", (name) => {
  expect(loadEnvironment(name).name).toBe(name);
});

test("without a name it is dev", () => {
  expect(loadEnvironment(undefined)).toBe(dev);
});

test("an unknown name is answered with those there are", () => {
  expect(() => loadEnvironment("stage")).toThrow(
    new ConfigurationError("PLATFORM_ENV", [
      '"stage": there is no such environment; there are dev, prod. Add one in config/',
    ]),
  );
});

test("all faults come in one message, each with its field and what was found", () => {
  const wrong = {
    ...dev,
    project: { id: "Mine", number: "12" },
    region: "Zurich",
    labels: { "cost-center": "4711" },
    ingestion: { ...dev.ingestion, image: "ingest:latest", cpu: 3, landingDays: 0 },
  };
  expect(() => environmentNamed("dev", [wrong])).toThrow(
    new ConfigurationError("config/dev.ts", [
      'project.id: "Mine" must be a project id: 6 to 30 lower-case letters, digits and dashes',
      `project.number: "12" must be the project's number, as text`,
      'region: "Zurich" must be a region such as europe-west6',
      "labels.cost-center: as a name must be at most 63 lower-case letters, digits and _, letter first",
      'ingestion.image: "ingest:latest" must be an image by digest: <repository>/<image>@sha256:<64 hex digits>',
      "ingestion.cpu: 3 must be one of 1, 2, 4, 8",
      "ingestion.landingDays: 0 must be a whole number from 1 to 3650",
    ]),
  );
});

test.each([
  ["10.10.0.0/24", "10.10.0.0/20", "must have no address in common with subnetRange"],
  ["10.10.0.0/24", "10.20.0.1/20", "must be a range of private addresses from /16 to /29 by its first"],
  ["10.10.0.0/24", "10.300.0.0/20", "must be a range of private addresses from /16 to /29 by its first"],
  ["10.10.0.0/24", "8.8.8.0/24", "must be a range of private addresses from /16 to /29 by its first"],
])("addresses %s and %s: the second %s", (subnetRange, servicesRange, fault) => {
  expect(() => environmentNamed("dev", [{ ...dev, network: { subnetRange, servicesRange } }])).toThrow(
    `config/dev.ts: 1 fault\n  - network.servicesRange: "${servicesRange}" ${fault}`,
  );
});

test("ranges beside each other have no address in common", () => {
  const network = { subnetRange: "10.10.0.0/24", servicesRange: "10.10.1.0/24" };
  expect(environmentNamed("dev", [{ ...dev, network }]).network).toEqual(network);
});
