import type { Construct } from "constructs";
import { datasetPrefix, type DatasetSpec, jobEnvironmentVariables, runArguments } from "../dataset";
import type { Environment } from "../config";
import { CloudRunJob } from "../constructs/cloud-run-job";
import { escapeTemplates } from "../constructs/escape-templates";
import { PostgresInstance } from "../constructs/postgres-instance";
import type { IPrivateNetwork } from "../constructs/private-network";
import type { ServiceIdentity } from "../constructs/service-identity";
import { StorageBucket } from "../constructs/storage-bucket";
import { WarehouseDataset } from "../constructs/warehouse-dataset";
import { databaseName } from "./database";
import { type PlatformProps, PlatformStack } from "./platform-stack";

/** One ingest job per data set, and the service account that runs them. */
export class IngestionStack extends PlatformStack {
  constructor(scope: Construct, props: PlatformProps) {
    super(scope, "ingestion", props);
    const { environment, catalog } = props;
    const identity = this.ingestIdentity(environment);
    const network = environment.database && this.platformNetwork();
    for (const spec of catalog.values()) {
      this.addJob(spec, environment, identity, network);
    }
  }

  /** May write to the lake, the raw dataset and the database, and run load jobs. */
  private ingestIdentity({ database }: Environment): ServiceIdentity {
    const ingest = this.runAs("ingest", "Runs the ingest jobs");
    StorageBucket.fromName(this, "lake", this.names.bucket("lake")).grantWrite(ingest);
    WarehouseDataset.fromName(this, "raw", this.names.dataset("raw")).grantWrite(ingest);
    ingest.grantOnProject("roles/bigquery.jobUser");
    if (database !== undefined) {
      const name = this.names.connection("postgres", database.generation);
      PostgresInstance.fromConnectionName(this, "postgres", name).grantConnect(ingest);
    }
    return ingest;
  }

  private addJob(
    spec: DatasetSpec,
    environment: Environment,
    identity: ServiceIdentity,
    network: IPrivateNetwork | undefined,
  ): void {
    const { region, ingestion } = environment;
    new CloudRunJob(this, spec.id, {
      name: this.names.job("ingest", spec.id),
      location: region,
      image: ingestion.image,
      identity,
      args: runArguments(),
      kmsKey: this.kmsKey,
      environment: this.variables(spec, environment),
      network,
      cpu: ingestion.cpu,
      memoryGib: ingestion.memoryGib,
      timeoutSeconds: ingestion.timeoutSeconds,
      // It contains no data and can be recreated.
      deletionProtection: false,
    });
  }

  /** Environment variables with the specification, source and destinations. */
  private variables(spec: DatasetSpec, environment: Environment): Record<string, string> {
    const { project, region, database, transfer } = environment;
    const source = transfer?.sources[spec.id];
    const bucket = this.names.bucket("lake");
    const variables = jobEnvironmentVariables({
      spec,
      ...(source && { source: `gs://${bucket}/${datasetPrefix("landing", spec.id)}${source.file}` }),
      cloud: {
        bucket,
        warehouse: { project: project.id, dataset: this.names.dataset("raw"), location: region },
        ...(database && {
          database: {
            instance: this.names.connection("postgres", database.generation),
            name: databaseName,
            user: this.names.databaseUser("ingest"),
          },
        }),
      },
    });
    return Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, escapeTemplates(value)]),
    );
  }
}
