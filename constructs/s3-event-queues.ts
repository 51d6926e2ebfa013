import { S3BucketNotification } from "@cdktf/provider-aws/lib/s3-bucket-notification";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { SqsQueueRedrivePolicy } from "@cdktf/provider-aws/lib/sqs-queue-redrive-policy";
import { type Construct, Dependable } from "constructs";
import { malformed, refuse } from "./errors";
import { type Dependency, TerraformConstruct } from "./terraform-construct";

export interface S3EventQueuesProps {
  /** Name of the S3 bucket. The construct owns its notification configuration: other notifications are removed. */
  readonly bucket: string;
  /** 12 digits: the AWS account of bucket and queues. */
  readonly accountId: string;
  /** AWS region of bucket and queues. */
  readonly location: string;
  /** Folders of the bucket, each with the name of the queue that announces its new objects. */
  readonly queues: readonly EventQueue[];
  /** What must be created first. @default - nothing */
  readonly dependsOn?: readonly Dependency[];
}

/** A queue for the new objects of a folder. */
export interface EventQueue {
  /** Name of the queue: at most 75 letters, digits, hyphens and underscores. */
  readonly name: string;
  /** Folder in the bucket: `exports/trips/`. */
  readonly prefix: string;
}

/**
 * SQS queues that announce new objects of an S3 bucket, each with a dead-letter queue. What depends on this construct
 * waits until the bucket sends its events.
 */
export class S3EventQueues extends TerraformConstruct {
  constructor(scope: Construct, id: string, props: S3EventQueuesProps) {
    super(scope, id);
    const names = props.queues.map(({ name }) => name);
    refuse(this, [
      malformed("accountId", props.accountId, /^\d{12}$/, "12 digits"),
      names.length === 0 && "queues: must not be empty",
      ...names.flatMap((name, index) => [
        malformed(
          "queues.name",
          name,
          /^[\w-]{1,75}$/,
          "at most 75 letters, digits, hyphens and underscores",
        ),
        names.indexOf(name) < index && `queues: duplicate name "${name}"; each folder requires its own queue`,
      ]),
    ]);
    const policies = names.map((name) => this.addQueue(name, props));
    const notification = new S3BucketNotification(this, "notification", {
      bucket: props.bucket,
      queue: props.queues.map(({ name, prefix }) => ({
        id: name,
        queueArn: queueArn(props, name),
        events: ["s3:ObjectCreated:*"],
        filterPrefix: prefix,
      })),
      // S3 sends a test message to each queue before it accepts the configuration.
      dependsOn: policies,
    });
    Dependable.implement(this, Dependable.of(notification));
  }

  private addQueue(name: string, props: S3EventQueuesProps): SqsQueuePolicy {
    const dead = new SqsQueue(this, `${name}-dead`, {
      name: `${name}-dead`,
      messageRetentionSeconds: 14 * secondsPerDay,
      sqsManagedSseEnabled: true,
    });
    const queue = new SqsQueue(this, name, {
      name,
      messageRetentionSeconds: 4 * secondsPerDay,
      visibilityTimeoutSeconds: 300,
      sqsManagedSseEnabled: true,
      // Set below by a resource that compares the meaning of the JSON; this one would compare its spacing.
      lifecycle: { ignoreChanges: ["redrive_policy"] },
    });
    for (const each of [dead, queue]) each.node.addDependency(...(props.dependsOn ?? []));
    const redrive = new SqsQueueRedrivePolicy(this, `${name}-redrive`, {
      queueUrl: queue.url,
      redrivePolicy: JSON.stringify({
        deadLetterTargetArn: queueArn(props, `${name}-dead`),
        maxReceiveCount: 5,
      }),
      dependsOn: [dead],
    });
    return new SqsQueuePolicy(this, `${name}-policy`, {
      queueUrl: queue.url,
      // One after the other: both write attributes of the same queue.
      dependsOn: [redrive],
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "s3.amazonaws.com" },
            Action: "sqs:SendMessage",
            Resource: queueArn(props, name),
            Condition: {
              StringEquals: { "aws:SourceAccount": props.accountId },
              ArnEquals: { "aws:SourceArn": `arn:aws:s3:::${props.bucket}` },
            },
          },
        ],
      }),
    });
  }
}

/** The ARN of an SQS queue: `arn:aws:sqs:<region>:<account>:<name>`. */
export function queueArn(
  { location, accountId }: Pick<S3EventQueuesProps, "location" | "accountId">,
  name: string,
): string {
  return `arn:aws:sqs:${location}:${accountId}:${name}`;
}

const secondsPerDay = 86_400;
