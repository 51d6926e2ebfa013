import { S3BucketNotification } from "@cdktf/provider-aws/lib/s3-bucket-notification";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { SqsQueueRedrivePolicy } from "@cdktf/provider-aws/lib/sqs-queue-redrive-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { malformed, refuse } from "./errors";

export interface S3EventQueuesProps {
  /** Bucket on S3. Its whole notification configuration is owned by this: what else is set there is removed. */
  readonly bucket: string;
  /** AWS account of bucket and queues. */
  readonly accountId: string;
  /** AWS region of bucket and queues. */
  readonly region: string;
  /** Folders of the bucket, each with the name of the queue that hears of new objects there. */
  readonly queues: readonly { readonly name: string; readonly prefix: string }[];
}

/** Queues that hear of every new object of an S3 bucket, each with a second queue for what nobody could handle. */
export class S3EventQueues extends Construct {
  /** For `dependsOn` of what reads the queues. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: S3EventQueuesProps) {
    super(scope, id);
    refuse(
      this,
      props.queues.map(({ name }) =>
        malformed("queues.name", name, /^[\w-]{1,75}$/, "at most 75 letters, digits, - and _"),
      ),
    );
    const policies = props.queues.map(({ name }) => this.addQueue(name, props));
    const notification = new S3BucketNotification(this, "notification", {
      bucket: props.bucket,
      queue: props.queues.map(({ name, prefix }) => ({
        id: name,
        queueArn: queueArn(props, name),
        events: ["s3:ObjectCreated:*"],
        filterPrefix: prefix,
      })),
      // S3 tries the queues when it is told of them.
      dependsOn: policies,
    });
    this.ready = [notification];
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
      // Said below, where JSON is compared by what it means; here every other spacing would be a difference.
      lifecycle: { ignoreChanges: ["redrive_policy"] },
    });
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
      // One after the other: both write attributes of one queue.
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

/** The ARN of a queue by its name: `arn:aws:sqs:<region>:<account>:<name>`. */
export function queueArn({ region, accountId }: { region: string; accountId: string }, name: string): string {
  return `arn:aws:sqs:${region}:${accountId}:${name}`;
}

const secondsPerDay = 86_400;
