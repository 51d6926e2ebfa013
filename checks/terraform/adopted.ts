import type { Environment } from "../../config";

/**
 * An environment in a company that has things already: its names, its key, its network in a host project, its bucket, dataset,
 * accounts, channel and proxy; and with a Kafka cluster. Not an environment of this project: it is planned and tested only.
 */
export const adopted = (environment: Environment): Environment => ({
  ...environment,
  name: "corp",
  namePattern: "acme-{environment}-{purpose}-zrh",
  orchestrator: "composer",
  spark: undefined,
  labels: { team: "data-platform", cost_center: "4711" },
  kmsKey: "projects/acme-keys/locations/europe-west6/keyRings/data/cryptoKeys/platform",
  network: undefined,
  existing: {
    lakeBucket: "acme-data-lake",
    datasets: { raw: "acme_landing" },
    network: {
      network: "projects/acme-network/global/networks/shared",
      subnet: "projects/acme-network/regions/europe-west6/subnetworks/jobs",
    },
    serviceAccounts: { ingest: "loader@acme-identities.iam.gserviceaccount.com" },
    notificationChannels: [1234567890, 1234567891].map(
      (channel) => `projects/${environment.project.id}/notificationChannels/${channel}`,
    ),
  },
  streaming: {
    vcpus: 3,
    memoryGib: 6,
    retentionDays: 7,
    producers: ["meters@acme-taxis.iam.gserviceaccount.com"],
    consumers: ["sink@acme-identities.iam.gserviceaccount.com"],
  },
  ingestion: {
    ...environment.ingestion,
    image: `registry.acme.example:5000/data/ingest@sha256:${"0".repeat(64)}`,
    proxy: { url: "http://10.0.0.5:3128", exceptions: [".acme.example"] },
  },
});
