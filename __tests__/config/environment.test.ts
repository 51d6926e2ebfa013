import { type Environment, environments, loadEnvironment, type TaskSize } from "../../config";
import { dev } from "../../config/dev";
import { environmentNamed } from "../../config/validate";
import { ConfigurationError } from "../../errors/faults";

test.each(environments.map(({ name }) => name))("environment %s is valid", (name) => {
  expect(loadEnvironment(name).name).toBe(name);
});

test("loadEnvironment without a name returns dev", () => {
  expect(loadEnvironment(undefined)).toBe(dev);
});

test("loadEnvironment rejects an unknown name and lists the available ones", () => {
  expect(() => loadEnvironment("stage")).toThrow(
    new ConfigurationError("PLATFORM_ENV", [
      '"stage": environment does not exist; available environments: dev, prod. To add one, create a file in config/',
    ]),
  );
});

test("environmentNamed reports all faults in one message, each with its field and value", () => {
  const wrong = {
    ...dev,
    project: { id: "Mine", number: "12" },
    region: "Zurich",
    labels: { "cost-center": "4711" },
    ingestion: { ...dev.ingestion, image: "ingest:latest", cpu: 3, landingDays: 0 },
  };
  expect(() => environmentNamed("dev", [wrong])).toThrow(
    new ConfigurationError("config/dev.ts", [
      'project.id: "Mine" must be a project ID: 6 to 30 lowercase letters, digits and hyphens',
      `project.number: "12" must be a project number, as a string`,
      'region: "Zurich" must be a region such as europe-west6',
      "labels.cost-center: the name must be at most 63 lowercase letters, digits and _, starting with a letter",
      'ingestion.image: "ingest:latest" must be an image with a digest: <repository>/<image>@sha256:<64 hex digits>',
      "ingestion.cpu: 3 must be one of 1, 2, 4, 8",
      "ingestion.landingDays: 0 must be an integer from 1 to 3650",
    ]),
  );
});

test.each([
  ["10.10.0.0/24", "10.10.0.0/20", "must not overlap with subnetRange"],
  ["10.10.0.0/24", "10.20.0.1/20", "must be a private CIDR range from /16 to /29"],
  ["10.10.0.0/24", "10.300.0.0/20", "must be a private CIDR range from /16 to /29"],
  ["10.10.0.0/24", "8.8.8.0/24", "must be a private CIDR range from /16 to /29"],
])("environmentNamed checks the ranges %s and %s: the second %s", (subnetRange, servicesRange, fault) => {
  expect(() => environmentNamed("dev", [{ ...dev, network: { subnetRange, servicesRange } }])).toThrow(
    `config/dev.ts: 1 fault\n  - network.servicesRange: "${servicesRange}" ${fault}`,
  );
});

test("environmentNamed checks the sizes of tasks, and their names", () => {
  const large = { cpu: 8, memoryGib: 32, timeoutSeconds: 14_400 };
  const withSizes = (sizes: Record<string, TaskSize>) => [{ ...dev, ingestion: { ...dev.ingestion, sizes } }];
  expect(environmentNamed("dev", withSizes({ large })).ingestion.sizes).toEqual({ large });
  expect(() =>
    environmentNamed("dev", withSizes({ "extra-large": large, huge: { ...large, memoryGib: 64 } })),
  ).toThrow(
    new ConfigurationError("config/dev.ts", [
      "ingestion.sizes.extra-large: the name must be at most 16 lowercase letters and digits, starting with a letter",
      "ingestion.sizes.huge.memoryGib: 64 must be an integer from 1 to 32",
    ]),
  );
});

test("environmentNamed accepts adjacent ranges", () => {
  const network = { subnetRange: "10.10.0.0/24", servicesRange: "10.10.1.0/24" };
  expect(environmentNamed("dev", [{ ...dev, network }]).network).toEqual(network);
});

test("environmentNamed checks the groups of readers", () => {
  const withReaders = (readers: Environment["readers"]) =>
    environmentNamed("dev", [{ ...dev, readers }]).readers;
  const readers = { core: ["analysts@example.com"] };
  expect(withReaders(readers)).toEqual(readers);
  expect(() => withReaders({ core: ["group:analysts@example.com", "analysts"] })).toThrow(
    new ConfigurationError("config/dev.ts", [
      'readers.core.0: "group:analysts@example.com" must be an email address',
      'readers.core.1: "analysts" must be an email address',
    ]),
  );
});

test("environmentNamed checks policy tags and their names", () => {
  const withTags = (policyTags: Environment["policyTags"]) =>
    environmentNamed("dev", [{ ...dev, policyTags }]).policyTags;
  const policyTags = { personal_data: "projects/p/locations/europe-west6/taxonomies/1/policyTags/2" };
  expect(withTags(policyTags)).toEqual(policyTags);
  expect(() => withTags({ "personal data": policyTags.personal_data, secret: "taxonomies/1" })).toThrow(
    new ConfigurationError("config/dev.ts", [
      "policyTags.personal data: the name must be at most 63 lowercase letters, digits and _, starting with a letter",
      'policyTags.secret: "taxonomies/1" must be projects/<project>/locations/<region>/taxonomies/<id>/policyTags/<id>',
    ]),
  );
});
