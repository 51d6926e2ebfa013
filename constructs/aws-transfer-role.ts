import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { malformed, refuse } from "./errors";

export interface AwsTransferRoleProps {
  /** At most 64 letters, digits and `+=,.@_-`. */
  readonly name: string;
  /** 12 digits of the AWS account the role is in. */
  readonly accountId: string;
  /** Number of the transfer agent of the Google Cloud project (`subjectId` of `googleServiceAccounts.get`). */
  readonly subjectId: string;
  /** What may be read. */
  readonly sources: readonly S3Source[];
  /** ARNs of the SQS queues that tell of new objects. @default - none */
  readonly queueArns?: readonly string[];
}

/** A bucket on S3, or some folders of it. */
export interface S3Source {
  /** Name of the bucket. */
  readonly bucket: string;
  /** Folders: `exports/trips/`. @default - all of the bucket */
  readonly prefix?: string;
  /** ARN of the key the objects are encrypted with. @default - S3's own keys */
  readonly kmsKeyArn?: string;
}

/**
 * The AWS role Storage Transfer Service takes on by web identity: no access key is made that could leak. It reads;
 * it neither writes nor deletes.
 */
export class AwsTransferRole extends Construct {
  readonly arn: string;
  /** For `dependsOn` of what takes the role on. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: AwsTransferRoleProps) {
    super(scope, id);
    refuse(this, [
      malformed("name", props.name, /^[\w+=,.@-]{1,64}$/, "at most 64 letters, digits and +=,.@_-"),
      malformed("accountId", props.accountId, /^\d{12}$/, "12 digits"),
      malformed("subjectId", props.subjectId, /^\d+$/, "the number of the transfer agent"),
      props.sources.length === 0 && "sources: must not be empty",
    ]);
    const role = new IamRole(this, "Resource", {
      name: props.name,
      description: "Lets Google's Storage Transfer Service read",
      assumeRolePolicy: JSON.stringify(trust(props.subjectId)),
      maxSessionDuration: 3600,
    });
    const policy = new IamRolePolicy(this, "read", {
      name: "read",
      role: role.name,
      policy: JSON.stringify({ Version: "2012-10-17", Statement: statements(props) }),
    });
    // Computed, so that a plan shows it before the role is there.
    this.ready = [role, policy];
    this.arn = `arn:aws:iam::${props.accountId}:role/${props.name}`;
  }
}

/** accounts.google.com is known to AWS: no identity provider has to be made for it. */
function trust(subjectId: string) {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: "accounts.google.com" },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: { StringEquals: { "accounts.google.com:sub": subjectId } },
      },
    ],
  };
}

function statements({ sources, queueArns = [] }: AwsTransferRoleProps) {
  const arn = (bucket: string) => `arn:aws:s3:::${bucket}`;
  const keys = unique(sources.flatMap(({ kmsKeyArn }) => kmsKeyArn ?? []));
  const allow = (action: string[], resource: readonly string[]) =>
    resource.length === 0 ? [] : [{ Effect: "Allow", Action: action, Resource: resource }];
  return [
    ...allow(["s3:ListBucket", "s3:GetBucketLocation"], unique(sources.map(({ bucket }) => arn(bucket)))),
    ...allow(
      ["s3:GetObject"],
      sources.map(({ bucket, prefix = "" }) => `${arn(bucket)}/${prefix}*`),
    ),
    ...allow(["kms:Decrypt"], keys),
    ...allow(
      ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"],
      queueArns,
    ),
  ];
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
