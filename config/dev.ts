import type { Environment } from "./settings/environment";

/** The development environment: low cost, and completely removed by `npm run destroy`. */
const dev: Environment = {
  name: "dev",
  project: { id: "replace-me-dev", number: "100000000001" },
  region: "europe-west6",
  labels: { team: "data-platform" },
  protectData: false,
  network: { subnetRange: "10.10.0.0/24", servicesRange: "10.20.0.0/20" },
  ingestion: {
    image:
      "europe-west6-docker.pkg.dev/replace-me-dev/dev-images/ingest" +
      "@sha256:0000000000000000000000000000000000000000000000000000000000000000",
    cpu: 2,
    memoryGib: 4,
    timeoutSeconds: 3600,
    parallelPeriods: 3,
    landingDays: 7,
    rejectsDays: 30,
  },
  transformation: {
    image:
      "europe-west6-docker.pkg.dev/replace-me-dev/dev-images/transform" +
      "@sha256:0000000000000000000000000000000000000000000000000000000000000000",
    cpu: 1,
    memoryGib: 2,
    timeoutSeconds: 3600,
    artifactDays: 7,
  },
  database: {
    generation: 1,
    tier: "db-f1-micro",
    diskGib: 10,
    diskLimitGib: 50,
    highAvailability: false,
    backups: 1,
  },
  alerts: { email: "replace-me@example.com" },
};

export default dev;
