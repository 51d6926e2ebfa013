import type { Construct } from "constructs";
import { lakePrefixes, type LakePrefix, transformFolder, transformRuns } from "../dataset";
import type { Environment } from "../config";
import { ServiceIdentity } from "../constructs/service-identity";
import { StorageBucket } from "../constructs/storage-bucket";
import { type PlatformProps, PlatformStack } from "./platform-stack";

/** The data lake, one bucket for all data sets and for what dbt leaves, and the bucket of their specifications. */
export class LakeStack extends PlatformStack {
  constructor(scope: Construct, props: PlatformProps) {
    super(scope, "lake", props);
    const { environment } = props;
    const accessLogBucket = environment.audit?.usageLogs
      ? StorageBucket.fromName(this, "access-logs", this.names.bucket("access-logs"))
      : undefined;
    const lake =
      environment.existing?.lakeBucket === undefined
        ? new StorageBucket(this, "lake", {
            name: this.names.bucket("lake"),
            location: environment.region,
            expireDays: expiry(environment),
            kmsKey: this.kmsKey,
            accessLogBucket,
            forceDestroy: !environment.protectData,
          })
        : StorageBucket.fromName(this, "lake", environment.existing.lakeBucket);
    if (environment.transfer !== undefined) {
      // Here, not in the transfer stack: creating a transfer job right after its grant fails.
      const agent = ServiceIdentity.fromEmail(this, "transfer-agent", this.names.transferAgentEmail());
      lake.grantTransferSink(agent);
    }
    const exportDays = environment.database?.exportDays;
    if (exportDays !== undefined) {
      // Here, not in the database stack: they are kept when that is destroyed.
      new StorageBucket(this, "database-exports", {
        name: this.names.bucket("database-exports"),
        location: environment.region,
        expireDays: { "sql/": exportDays },
        kmsKey: this.kmsKey,
        accessLogBucket,
        forceDestroy: !environment.protectData,
      });
    }
    // Here, not in the ingestion stack, which writes to it: a grant takes a while to become effective.
    const specifications = new StorageBucket(this, "specifications", {
      name: this.names.bucket("specifications"),
      location: environment.region,
      kmsKey: this.kmsKey,
      accessLogBucket,
      forceDestroy: !environment.protectData,
    });
    if (environment.transformation !== undefined) {
      const transform = this.runAs("transform");
      lake.grantWrite(transform, transformFolder);
      // Without permission to list objects, Cloud Storage returns 403 instead of 404 for a missing object.
      lake.grant(transform, this.names.rolePath("list"));
    }
    const configured = [specifications];
    if (environment.orchestrator === "composer") {
      // Airflow can write its logs again, and finds its DAGs in the configuration.
      const composer = new StorageBucket(this, "composer", {
        name: this.names.bucket("composer"),
        location: environment.region,
        expireDays: { "logs/": 90 },
        kmsKey: this.kmsKey,
        accessLogBucket,
        forceDestroy: !environment.protectData,
      });
      configured.push(composer);
    }
    this.forget(...formerTransforms);
    if (environment.ci !== undefined) {
      for (const bucket of configured) {
        bucket.grantWrite(this.ciIdentity("deploy"));
        bucket.grantRead(this.ciIdentity("plan"));
      }
    }
  }
}

/** Before, what dbt leaves had a bucket of its own. It is kept with the artifacts in it, but no longer managed. */
const formerTransforms = [
  "google_storage_bucket.transforms_7A3B1DB3",
  "google_storage_bucket_iam_binding.transforms_storage-legacy-bucket-owner_D8187BEE",
  "google_storage_bucket_iam_binding.transforms_storage-legacy-bucket-reader_2A1AF8FA",
  "google_storage_bucket_iam_binding.transforms_storage-legacy-object-owner_A123DD54",
  "google_storage_bucket_iam_binding.transforms_storage-legacy-object-reader_23558873",
];

/**
 * By prefix of `dataset/layout.ts`. Raw data and manifests never expire: external tables read them. What the transform
 * job needs for its next run does not expire either, only what former runs left.
 */
function expiry({ ingestion, transformation }: Environment): Record<string, number> {
  const days: Record<LakePrefix, number | undefined> = {
    landing: ingestion.landingDays,
    raw: undefined,
    rejects: ingestion.rejectsDays,
    manifests: undefined,
  };
  return {
    ...Object.fromEntries(
      lakePrefixes.flatMap((prefix) => (days[prefix] === undefined ? [] : [[`${prefix}/`, days[prefix]]])),
    ),
    ...(transformation && { [transformRuns]: transformation.artifactDays }),
  };
}
