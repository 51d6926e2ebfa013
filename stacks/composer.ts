import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Construct } from "constructs";
import { dagCatalogToJson, dagDataset, transformRuns } from "../dataset";
import { CloudRunJob } from "../constructs/cloud-run-job";
import { ComposerEnvironment } from "../constructs/composer-environment";
import type { ServiceAccountIdentity } from "../constructs/service-identity";
import { type IStorageBucket, StorageBucket } from "../constructs/storage-bucket";
import { StorageObject } from "../constructs/storage-object";
import { deploymentOf, pipelineOf } from "./deployment";
import { parallelDatasets } from "./parallel-tasks";
import { type PlatformProps, PlatformStack } from "./platform-stack";

/** Airflow in Cloud Composer, its account, the DAG file, and the catalog that it reads, as objects in its bucket. */
export class ComposerStack extends PlatformStack {
  constructor(scope: Construct, props: PlatformProps) {
    super(scope, "composer", props);
    const { environment } = props;
    const bucket = StorageBucket.fromName(this, "bucket", this.names.bucket("composer"));
    this.addDags(bucket, props);
    const identity = this.runAs("composer");
    const worker = identity.grantOnProject("roles/composer.worker");
    this.grantPipeline(identity);
    const { airflowVersion = "3.1.7", maxWorkers } = environment.composer ?? {};
    new ComposerEnvironment(this, "airflow", {
      name: this.names.composerEnvironment("airflow"),
      location: environment.region,
      airflowVersion,
      maxWorkers,
      identity,
      bucket,
      network: this.platformNetwork(),
      kmsKey: this.kmsKey,
      airflowConfig: {
        // As schedules of Cloud Scheduler: deployed, they run.
        "core-dags_are_paused_at_creation": "False",
        // As many data sets at the same time as a backfill ingests: the subnet has addresses for their tasks.
        "core-parallelism": String(parallelDatasets),
      },
      // Without the role, the creation fails after half an hour.
      dependsOn: [worker],
    });
  }

  /** The files of `airflow/dags/`, and the catalog next to them. */
  private addDags(bucket: IStorageBucket, { environment, catalog }: PlatformProps): void {
    for (const { name, content } of dagFiles())
      new StorageObject(this, `dags/${name}`.replaceAll(/[/.]/g, "_"), {
        bucket,
        name: `dags/${name}`,
        content,
      });
    const datasets = [...catalog.values()].map((spec) =>
      dagDataset(spec, deploymentOf(spec, environment, this.names).pipeline),
    );
    const place = { kind: "cloud", ...pipelineOf(environment, this.names) } as const;
    new StorageObject(this, "catalog", {
      bucket,
      name: "dags/catalog.json",
      content: dagCatalogToJson({ place, catchUp: environment.composer?.catchUp ?? false, datasets }),
    });
  }

  /** Starts jobs and transfers and follows them, and reads why a transform failed. */
  private grantPipeline(identity: ServiceAccountIdentity): void {
    const { region, transfer, transformation, ingestion } = this.environment;
    for (const size of [undefined, ...Object.keys(ingestion.sizes ?? {})]) {
      for (const purpose of ["ingest", "backfill"] as const) {
        const id = `${purpose}-job${size === undefined ? "" : `-${size}`}`;
        const job = CloudRunJob.fromName(this, id, this.names.job(purpose, size), region);
        job.grant(identity, this.names.rolePath("run"));
      }
    }
    if (transfer !== undefined) identity.grantOnProject(this.names.rolePath("transfer"));
    if (transformation === undefined) return;
    const job = CloudRunJob.fromName(this, "transform-job", this.names.job("transform"), region);
    job.grant(identity, this.names.rolePath("run"));
    StorageBucket.fromName(this, "lake", this.names.bucket("lake")).grantRead(identity, transformRuns);
  }
}

/** The DAG file and what it imports, by their names below `dags/`. */
function dagFiles(): { readonly name: string; readonly content: string }[] {
  const folder = join("airflow", "dags");
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".py") || name.endsWith(".airflowignore"))
    .sort()
    .map((name) => ({
      name: name.replaceAll("\\", "/"),
      content: readFileSync(join(folder, name), "utf8"),
    }));
}
