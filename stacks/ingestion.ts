import type { Construct } from "constructs";
import { type DatasetSpec, specToJson } from "../catalog/spec";
import type { Environment } from "../config";
import { IngestionJob } from "../constructs/ingestion-job";
import { JobSchedule } from "../constructs/job-schedule";
import { ServiceIdentity } from "../constructs/service-identity";
import { StorageBucket } from "../constructs/storage-bucket";
import { WarehouseDataset } from "../constructs/warehouse-dataset";
import { type PlatformProps, PlatformStack } from "./platform-stack";

/** The ingest jobs, one a data set, and the account they run as. */
export class IngestionStack extends PlatformStack {
  constructor(scope: Construct, props: PlatformProps) {
    super(scope, "ingestion", props);
    const { environment, catalog } = props;
    const ingest = this.ingestIdentity();
    const scheduler = new ServiceIdentity(this, "scheduler", {
      name: this.names.serviceAccount("scheduler"),
      description: "Starts ingestions on schedule",
    });
    for (const spec of catalog.values()) {
      const job = this.addJob(spec, environment, ingest);
      if (spec.schedule === undefined) continue;
      job.grantRun(scheduler);
      new JobSchedule(this, `${spec.id}_schedule`, {
        name: this.names.schedule(spec.id),
        location: environment.region,
        cron: spec.schedule.cron,
        timeZone: spec.schedule.timeZone,
        description: `Ingests the period of ${spec.id} that is due.`,
        target: {
          uri: `https://run.googleapis.com/v2/projects/${environment.project.id}/locations/${job.location}/jobs/${job.name}:run`,
        },
        identity: scheduler,
      });
    }
  }

  /** Lake, raw dataset, and the right to run load jobs: no more. */
  private ingestIdentity(): ServiceIdentity {
    const ingest = new ServiceIdentity(this, "ingest", {
      name: this.names.serviceAccount("ingest"),
      description: "Runs the ingest jobs",
    });
    StorageBucket.fromName(this, "lake", this.names.bucket("lake")).grantWrite(ingest);
    WarehouseDataset.fromName(this, "raw", this.names.dataset("raw")).grantWrite(ingest);
    ingest.grantOnProject("roles/bigquery.jobUser");
    return ingest;
  }

  private addJob(spec: DatasetSpec, environment: Environment, identity: ServiceIdentity): IngestionJob {
    const { project, region, ingestion, protectData } = environment;
    return new IngestionJob(this, spec.id, {
      name: this.names.job(`ingest-${spec.id}`),
      location: region,
      image: ingestion.image,
      identity,
      args: ["run"],
      environment: {
        DATASET_SPEC: specToJson(spec),
        LAKE_BUCKET: this.names.bucket("lake"),
        WAREHOUSE_PROJECT: project.id,
        WAREHOUSE_DATASET: this.names.dataset("raw"),
        WAREHOUSE_LOCATION: region,
      },
      cpu: ingestion.cpu,
      memoryGib: ingestion.memoryGib,
      timeoutSeconds: ingestion.timeoutSeconds,
      deletionProtection: protectData,
    });
  }
}
