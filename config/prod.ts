import type { Environment } from "./environment";

/** The production environment: protected, backed up, watched. */
export const prod: Environment = {
  name: "prod",
  project: { id: "replace-me-prod", number: "100000000002" },
  region: "europe-west6",
  labels: { team: "data-platform" },
  protectData: true,
  ingestion: {
    image:
      "europe-west6-docker.pkg.dev/replace-me-prod/prod-images/ingest" +
      "@sha256:0000000000000000000000000000000000000000000000000000000000000000",
    cpu: 4,
    memoryGib: 8,
    timeoutSeconds: 7200,
    landingDays: 30,
    rejectsDays: 365,
  },
};
