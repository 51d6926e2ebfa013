import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { Construct } from "constructs";
import { datasetPrefix } from "../dataset";
import type { TransferSettings, TransferSource } from "../config";
import { AwsTransferRole } from "../constructs/aws-transfer-role";
import { queueArn, S3EventQueues } from "../constructs/s3-event-queues";
import { S3Transfer } from "../constructs/s3-transfer";
import { StorageBucket } from "../constructs/storage-bucket";
import { ConfigurationError } from "../errors/faults";
import { type PlatformProps, PlatformStack } from "./platform-stack";
import { misspelledSources } from "./transfer-sources";

/** Copies files from S3 to landing/: a keyless AWS role, and one Storage Transfer job per data set. */
export class TransferStack extends PlatformStack {
  constructor(scope: Construct, props: PlatformProps, { aws, agentSubjectId, sources }: TransferSettings) {
    super(scope, "transfer", props);
    new AwsProvider(this, "aws", { region: aws.region, defaultTags: [{ tags: this.labels }] });
    const byId = Object.entries(sources);
    const misspelled = misspelledSources(sources, props.catalog);
    if (misspelled.length > 0)
      throw new ConfigurationError(`config/${props.environment.name}.ts`, misspelled);
    const queued = byId.filter(([, { start }]) => start === "arrival");
    const place = { accountId: aws.accountId, location: aws.region };
    const arnOf = (dataset: string) => queueArn(place, this.names.queue(dataset));
    const role = new AwsTransferRole(this, "role", {
      name: this.names.awsRole("transfer"),
      accountId: aws.accountId,
      subjectId: agentSubjectId,
      sources: byId.map(([, source]) => source),
      queueArns: queued.map(([dataset]) => arnOf(dataset)),
    });
    const queues = Object.entries(byBucket(queued)).map(
      ([bucket, datasets]) =>
        new S3EventQueues(this, `events-${bucket}`, {
          ...place,
          bucket,
          queues: datasets.map(([dataset, { prefix }]) => ({ name: this.names.queue(dataset), prefix })),
        }),
    );
    const lake = StorageBucket.fromName(this, "lake-bucket", this.names.bucket("lake"));
    for (const [dataset, source] of byId) {
      new S3Transfer(this, dataset, {
        name: this.names.transferJob(dataset),
        description: `Files of ${dataset} for ${props.environment.name}`,
        source,
        role,
        sinkBucket: lake,
        sinkPrefix: datasetPrefix("landing", dataset),
        start: source.start === "arrival" ? { kind: "arrival", queueArn: arnOf(dataset) } : undefined,
        dependsOn: queues,
      });
    }
  }
}

type Entry = readonly [dataset: string, source: TransferSource];

/** S3 has a single notification configuration per bucket, so one construct must own it. */
function byBucket(entries: readonly Entry[]): Record<string, readonly Entry[]> {
  const groups: Record<string, Entry[]> = {};
  for (const entry of entries) (groups[entry[1].bucket] ??= []).push(entry);
  return groups;
}
