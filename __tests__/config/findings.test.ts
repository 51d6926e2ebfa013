import type { DatabaseSettings, Environment } from "../../config/settings/environment";
import { environmentFindings, isExample, refuseFindings } from "../../config/settings/findings";
import { dev, loadEnvironment } from "../fixtures/config";

/** dev after docs/deploy.md: without placeholders. */
const filled: Environment = {
  ...dev,
  project: { id: "acme-data-dev", number: "471100000001" },
  ingestion: { ...dev.ingestion, image: `example-docker.pkg.dev/a/b/ingest@sha256:${"1".repeat(64)}` },
  transformation: undefined,
  alerts: { email: "ops@acme.dev" },
};
const database = (tier: string): Environment => ({
  ...filled,
  database: dev.database && ({ ...dev.database, tier } satisfies DatabaseSettings),
});

test("an environment that is filled in has no findings", () => {
  expect(environmentFindings(filled)).toEqual([]);
  expect(isExample(filled)).toBe(false);
});

test("every placeholder of the examples is found with its field", () => {
  const fieldsOf = (name: string) =>
    environmentFindings(loadEnvironment(name)).map((finding) => finding.slice(0, finding.indexOf(":")));
  expect(fieldsOf("dev")).toEqual([
    "project.id",
    "project.number",
    "ingestion.image",
    "transformation.image",
    "alerts.email",
  ]);
  expect(fieldsOf("prod")).toEqual(
    expect.arrayContaining([
      "readers.core.0",
      "transfer.sources.yellow_tripdata.bucket",
      "budget.billingAccount",
    ]),
  );
  expect(isExample(dev)).toBe(true);
});

test.each<[string, Environment, string]>([
  ["region", { ...filled, region: "europe-west66" }, 'did you mean "europe-west6"?'],
  ["region", { ...filled, region: "moon-base1" }, "gcloud compute regions list"],
  ["database.tier", database("db-n1-standard-1"), "is not a machine type of Cloud SQL for PostgreSQL"],
  ["database.tier", database("db-custom-3-7680"), "has 3 vCPUs"],
  ["database.tier", database("db-custom-2-1024"), "accepts multiples of 256 from 3840 to 13312"],
  ["database.tier", database("db-custom-2-7700"), "accepts multiples of 256"],
  [
    "transformation.rebuild.cron",
    {
      ...filled,
      transformation: dev.transformation && {
        ...dev.transformation,
        image: filled.ingestion.image,
        rebuild: { cron: "0 4 31 2 *", timeZone: "Etc/UTC" },
      },
    },
    "never occurs",
  ],
])("a value of %s that the service refuses is a finding", (field, environment, reason) => {
  expect(environmentFindings(environment)).toEqual([expect.stringMatching(new RegExp(`^${field}: `))]);
  expect(environmentFindings(environment)[0]).toContain(reason);
});

test.each(["db-g1-small", "db-custom-1-3840", "db-custom-4-26624", "db-perf-optimized-N-8"])(
  "the machine type %s exists",
  (tier) => {
    expect(environmentFindings(database(tier))).toEqual([]);
  },
);

test("findings are an error where data is protected, and a warning elsewhere", () => {
  const refused = (environment: Environment, severity?: string) => () => {
    refuseFindings(environment, ["region: is wrong"], severity);
  };
  expect(refused({ ...filled, protectData: true })).toThrow("config/dev.ts: 1 fault\n  - region: is wrong");
  expect(refused(filled)).not.toThrow();
  // Before there are images, and to look at an example.
  expect(refused({ ...filled, protectData: true }, "warning")).not.toThrow();
  expect(refused(loadEnvironment("prod"))).not.toThrow();
  expect(refused(filled, "none")).toThrow('PLATFORM_FINDINGS: 1 fault\n  - "none": must be error or warning');
});
