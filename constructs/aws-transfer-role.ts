import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { Construct, IConstruct } from "constructs";
import { malformed, refuse } from "./errors";
import { type Dependency, TerraformConstruct } from "./terraform-construct";

export interface AwsTransferRoleProps {
  /** At most 64 letters, digits and `+=,.@_-`. */
  readonly name: string;
  /** 12 digits: the AWS account of the role. */
  readonly accountId: string;
  /** Number of the transfer agent of the Google Cloud project (`subjectId` of `googleServiceAccounts.get`). */
  readonly subjectId: string;
  /** What the role can read; at least one. */
  readonly sources: readonly S3Source[];
  /** ARNs of the SQS queues that announce new objects. @default - none */
  readonly queueArns?: readonly string[];
  /** What must be created first. @default - nothing */
  readonly dependsOn?: readonly Dependency[];
}

/** An S3 bucket, or a folder of it. */
export interface S3Source {
  /** Name of the bucket. */
  readonly bucket: string;
  /** Folder in the bucket: `exports/trips/`. @default - the whole bucket */
  readonly prefix?: string;
  /** ARN of the KMS key that encrypts the objects. @default - keys managed by S3 */
  readonly kmsKeyArn?: string;
}

/** An AWS role that Storage Transfer Service assumes, new or imported. */
export interface IAwsTransferRole extends IConstruct {
  /** `arn:aws:iam::<account>:role/<name>` */
  readonly arn: string;
}

/**
 * An AWS role that Storage Transfer Service assumes through web identity federation, so that there is no access key
 * that could leak. The role can read; it can neither write nor delete.
 */
export class AwsTransferRole extends TerraformConstruct implements IAwsTransferRole {
  /**
   * Imports a role that exists already or that another stack creates. Nothing is created.
   *
   * @throws ConstructError if the ARN is not that of a role
   */
  static fromArn(scope: Construct, id: string, arn: string): IAwsTransferRole {
    return new ImportedRole(scope, id, arn);
  }

  readonly arn: string;

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
    role.node.addDependency(...(props.dependsOn ?? []));
    new IamRolePolicy(this, "read", {
      name: "read",
      role: role.name,
      policy: JSON.stringify({ Version: "2012-10-17", Statement: statements(props) }),
    });
    // Computed, not referenced, so that a plan shows it before the role exists.
    this.arn = `arn:aws:iam::${props.accountId}:role/${props.name}`;
  }
}

class ImportedRole extends TerraformConstruct implements IAwsTransferRole {
  constructor(
    scope: Construct,
    id: string,
    readonly arn: string,
  ) {
    super(scope, id);
    refuse(this, [malformed("arn", arn, /^arn:aws[\w-]*:iam::\d{12}:role\/.+$/, "the ARN of an IAM role")]);
  }
}

/** AWS trusts accounts.google.com without an identity provider of one's own. */
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
