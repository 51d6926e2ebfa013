import type { Construct } from "constructs";
import {
  deploymentName,
  deploymentToJson,
  jobEnvironmentVariables,
  type LakePrefix,
  transformFolder,
} from "../dataset";
import type { Environment, ProxySettings, TaskSize, TransformationSettings } from "../config";
import { CloudRunJob } from "../constructs/cloud-run-job";
import { PostgresInstance } from "../constructs/postgres-instance";
import type { IPrivateNetwork } from "../constructs/private-network";
import type { ServiceAccountIdentity } from "../constructs/service-identity";
import { type IStorageBucket, StorageBucket } from "../constructs/storage-bucket";
import { StorageObject } from "../constructs/storage-object";
import { WarehouseDataset } from "../constructs/warehouse-dataset";
import { databaseName } from "./database";
import { deploymentOf } from "./deployment";
import { hasPolicyTags } from "./policies";
import { type PlatformProps, PlatformStack } from "./platform-stack";

/**
 * The ingest jobs, which get the data set as an argument, the service account that runs them, the specification of each
 * data set, which they read, and the transform job, which follows them.
 */
export class IngestionStack extends PlatformStack {
  constructor(scope: Construct, props: PlatformProps) {
    super(scope, "ingestion", props);
    const { environment, catalog } = props;
    const { ingestion, database } = environment;
    const specifications = StorageBucket.fromName(
      this,
      "specifications",
      this.names.bucket("specifications"),
    );
    const identity = this.ingestIdentity(props, specifications);
    const network = database || ingestion.proxy ? this.platformNetwork() : undefined;
    this.addJobs(undefined, ingestion, { environment, identity, network });
    for (const [name, size] of Object.entries(ingestion.sizes ?? {})) {
      this.addJobs(name, size, { environment, identity, network });
    }
    if (environment.transformation !== undefined)
      this.addTransformJob(environment, environment.transformation);
    for (const spec of catalog.values()) {
      new StorageObject(this, `${spec.id}_specification`, {
        bucket: specifications,
        name: deploymentName(spec.id),
        content: deploymentToJson(deploymentOf(spec, environment, this.names)),
      });
    }
  }

  /**
   * May read specifications and landing/, write to the rest of the lake, load tables and the database. The data sets share
   * this account: what keeps their files and tables apart is the program, which derives all names from the id.
   */
  private ingestIdentity(
    { environment: { database }, catalog }: PlatformProps,
    specifications: IStorageBucket,
  ): ServiceAccountIdentity {
    const ingest = this.runAs("ingest");
    specifications.grantRead(ingest);
    const lake = StorageBucket.fromName(this, "lake", this.names.bucket("lake"));
    lake.grantRead(ingest, "landing/");
    lake.grantWrite(ingest, ...writtenPrefixes);
    // Without permission to list objects, Cloud Storage returns 403 instead of 404 for a missing object.
    lake.grant(ingest, this.names.rolePath("list"));
    for (const layer of ["raw", "temporary"] as const) {
      const dataset = WarehouseDataset.fromName(this, layer, this.names.dataset(layer));
      dataset.grant(ingest, this.names.rolePath("load"));
    }
    ingest.grantOnProject("roles/bigquery.jobUser");
    if (hasPolicyTags(catalog)) ingest.grantOnProject(this.names.rolePath("tag"));
    if (database !== undefined) {
      const name = this.names.connection("postgres", database.generation);
      PostgresInstance.fromConnectionName(this, "postgres", name).grantConnect(ingest);
    }
    return ingest;
  }

  /**
   * The two jobs with tasks of a size. Cloud Run accepts no execution with fewer tasks than the job runs in parallel, so
   * a single period, which is what a schedule ingests, has a job of its own.
   */
  private addJobs(
    name: string | undefined,
    size: TaskSize,
    { environment, identity, network }: JobSettings,
  ): void {
    const { region, ingestion } = environment;
    const parallel = { ingest: 1, backfill: ingestion.parallelPeriods } as const;
    for (const purpose of ["ingest", "backfill"] as const) {
      new CloudRunJob(this, `${purpose}-job${name === undefined ? "" : `-${name}`}`, {
        name: this.names.job(purpose, name),
        location: region,
        image: ingestion.image,
        identity,
        kmsKey: this.kmsKey,
        environment: this.variables(environment, size),
        network,
        cpu: size.cpu,
        memoryGib: size.memoryGib,
        timeoutSeconds: size.timeoutSeconds,
        taskCount: parallel[purpose],
        parallelism: parallel[purpose],
        // It contains no data and can be recreated.
        deletionProtection: false,
      });
    }
  }

  /** The job that builds the models of the dbt project; the warehouse stack says what its account may do. */
  private addTransformJob(
    { project, region }: Environment,
    { image, cpu, memoryGib, timeoutSeconds }: TransformationSettings,
  ): void {
    new CloudRunJob(this, "transform-job", {
      name: this.names.job("transform"),
      location: region,
      image,
      identity: this.runAs("transform"),
      kmsKey: this.kmsKey,
      environment: {
        ARTIFACTS: `gs://${this.names.bucket("lake")}/${transformFolder}`,
        CORE_DATASET: this.names.dataset("core"),
        QUERY_TIMEOUT_SECONDS: String(timeoutSeconds),
        RAW_DATASET: this.names.dataset("raw"),
        STAGING_DATASET: this.names.dataset("staging"),
        TASK_TIMEOUT_SECONDS: String(timeoutSeconds),
        WAREHOUSE_LOCATION: region,
        WAREHOUSE_PROJECT: project.id,
      },
      cpu,
      memoryGib,
      timeoutSeconds,
      // It contains no data and can be recreated.
      deletionProtection: false,
    });
  }

  /** Environment variables with the memory, and the places of specifications and destinations. */
  private variables(
    { project, region, database, ingestion }: Environment,
    { memoryGib }: TaskSize,
  ): Record<string, string> {
    return {
      ...(ingestion.proxy && proxyVariables(ingestion.proxy)),
      ...jobEnvironmentVariables({
        taskMemoryGib: memoryGib,
        specifications: `gs://${this.names.bucket("specifications")}`,
        cloud: {
          bucket: this.names.bucket("lake"),
          warehouse: {
            project: project.id,
            dataset: this.names.dataset("raw"),
            temporary: this.names.dataset("temporary"),
            location: region,
          },
          ...(database && {
            database: {
              instance: this.names.connection("postgres", database.generation),
              name: databaseName,
              user: this.names.databaseUser("ingest"),
            },
          }),
        },
      }),
    };
  }
}

/** What HTTP clients read. Google's APIs and the metadata server are reached without the proxy. */
function proxyVariables({ url, exceptions = [] }: ProxySettings): Record<string, string> {
  const direct = [
    "localhost",
    "metadata.google.internal",
    "169.254.169.254",
    ".googleapis.com",
    ...exceptions,
  ];
  return { HTTP_PROXY: url, HTTPS_PROXY: url, NO_PROXY: direct.join(",") };
}

/** Where the jobs write in the lake. Storage Transfer Service and operators write to landing/. */
const writtenPrefixes = (["raw", "rejects", "manifests"] satisfies LakePrefix[]).map(
  (prefix) => `${prefix}/`,
);

/** What the jobs have in common. */
interface JobSettings {
  readonly environment: Environment;
  readonly identity: ServiceAccountIdentity;
  readonly network: IPrivateNetwork | undefined;
}
