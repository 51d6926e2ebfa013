import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Environment, TaskSize } from "../../config/settings/environment";
import { checkedFile } from "../../config/settings/checked-file";
import { dev, environments, loadEnvironment } from "../fixtures/config";
import { environmentNamed } from "../../config/settings/validate";
import { ConfigurationError } from "../../errors/faults";
import { bundled } from "../../scripts/bundled";

test.each(environments.map(({ name }) => name))("environment %s is valid", (name) => {
  expect(loadEnvironment(name).name).toBe(name);
});

test("an environment is a file in config/: adding one needs no list", () => {
  const folder = mkdtempSync(join(tmpdir(), "config-"));
  const project = join(__dirname, "../..");
  try {
    // A bundle reads the folder next to dist/, where it is written to.
    for (const name of ["config", "errors"])
      cpSync(join(project, name), join(folder, name), { recursive: true });
    symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
    const stage = readFileSync(join(project, "__tests__/fixtures/config/dev.ts"), "utf8")
      .replace('name: "dev"', 'name: "stage"')
      .replace("../../../config/settings", "./settings");
    writeFileSync(join(folder, "config/stage.ts"), stage);
    writeFileSync(
      join(folder, "main.ts"),
      'import { loadEnvironment } from "./config"; console.log(loadEnvironment("stage").name);',
    );
    bundled("main.ts", join(folder, "dist/main.cjs"), folder);
    expect(execFileSync(process.execPath, ["dist/main.cjs"], { cwd: folder, encoding: "utf8" })).toBe(
      "stage\n",
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("checkedFile rejects a file without an environment, or with the environment of another file", () => {
  expect(() => {
    checkedFile({ name: "stage", environment: undefined });
  }).toThrow("config/stage.ts: 1 fault\n  - default export: is missing; add: export default stage");
  expect(() => {
    checkedFile({ name: "stage", environment: dev });
  }).toThrow("name: the file defines the environment dev; rename the file to dev.ts");
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
  ["10.10.0.0/24", "10.20.0.1/20", "must be a private CIDR range from /16 to /24"],
  ["10.10.0.0/24", "10.300.0.0/20", "must be a private CIDR range from /16 to /24"],
  ["10.10.0.0/24", "8.8.8.0/24", "must be a private CIDR range from /16 to /24"],
  ["10.10.0.0/24", "10.20.0.0/25", "must be a private CIDR range from /16 to /24"],
])("environmentNamed checks the ranges %s and %s: the second %s", (subnetRange, servicesRange, fault) => {
  expect(() => environmentNamed("dev", [{ ...dev, network: { subnetRange, servicesRange } }])).toThrow(
    `config/dev.ts: 1 fault\n  - network.servicesRange: "${servicesRange}" ${fault}`,
  );
});

test("environmentNamed refuses a subnet below /26, of which Cloud Run could not reserve blocks of addresses", () => {
  const network = { subnetRange: "10.10.0.0/27", servicesRange: "10.20.0.0/20" };
  expect(() => environmentNamed("dev", [{ ...dev, network }])).toThrow(
    'config/dev.ts: 1 fault\n  - network.subnetRange: "10.10.0.0/27" must be a private CIDR range from /16 to /26',
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
