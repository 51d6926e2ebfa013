import type { Environment } from "./settings/environment";

/** The production environment: protected, backed up and monitored. */
const prod: Environment = {
  name: "prod",
  project: { id: "replace-me-prod", number: "100000000002" },
  region: "europe-west6",
  labels: { team: "data-platform" },
  protectData: true,
  network: { subnetRange: "10.30.0.0/24", servicesRange: "10.40.0.0/20" },
  ingestion: {
    image:
      "europe-west6-docker.pkg.dev/replace-me-prod/prod-images/ingest" +
      "@sha256:0000000000000000000000000000000000000000000000000000000000000000",
    cpu: 4,
    memoryGib: 8,
    timeoutSeconds: 7200,
    parallelPeriods: 6,
    landingDays: 30,
    rejectsDays: 365,
  },
  transformation: {
    image:
      "europe-west6-docker.pkg.dev/replace-me-prod/prod-images/transform" +
      "@sha256:0000000000000000000000000000000000000000000000000000000000000000",
    cpu: 1,
    memoryGib: 2,
    timeoutSeconds: 7200,
    artifactDays: 90,
    // Months that the source published again without a run, and changes by hand.
    rebuild: { cron: "0 4 * * 7", timeZone: "America/New_York" },
  },
  spark: { maxExecutors: 8, timeoutSeconds: 3600, outputDays: 90 },
  database: {
    generation: 1,
    tier: "db-custom-2-7680",
    diskGib: 50,
    diskLimitGib: 500,
    highAvailability: true,
    backups: 14,
    exportDays: 90,
  },
  // An example of both ways to start a copy from S3. Without it, the jobs read the URLs of the catalog.
  transfer: {
    agentSubjectId: "100000000000000000002",
    aws: { accountId: "123456789012", region: "eu-central-1" },
    sources: {
      green_tripdata: {
        bucket: "replace-me-source",
        prefix: "green/",
        file: "green_tripdata_{period}.parquet",
        start: "arrival",
      },
      yellow_tripdata: {
        bucket: "replace-me-source",
        prefix: "yellow/",
        file: "yellow_tripdata_{period}.parquet",
        start: "workflow",
      },
    },
  },
  audit: { retentionDays: 365 },
  readers: {
    core: ["replace-me-analysts@example.com"],
    raw: ["replace-me-engineers@example.com"],
  },
  ci: { repositoryId: "1000000001", ownerId: "1000001", branch: "main", environment: "production" },
  alerts: { email: "replace-me@example.com" },
  budget: { billingAccount: "000000-000000-000000", amount: 500, currency: "USD" },
};

export default prod;
