import {
  StorageBucket as Bucket,
  type StorageBucketLifecycleRule,
} from "@cdktf/provider-google/lib/storage-bucket";
import { StorageBucketIamMember } from "@cdktf/provider-google/lib/storage-bucket-iam-member";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { malformed, refuse } from "./errors";
import { type GrantCondition, grantId, type Identity } from "./service-identity";

export interface StorageBucketProps {
  /** Unique in the world: 3 to 63 lower-case letters, digits, dashes, dots and underscores. */
  readonly name: string;
  /** A region (`europe-west6`) or multi-region (`EU`); BigQuery needs its datasets in the same one. */
  readonly location: string;
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Days after which objects are deleted, by prefix: `{ "landing/": 30 }`. There is deliberately no way to expire
   * the whole bucket.
   * @default - nothing expires
   */
  readonly expireDays?: Readonly<Record<string, number>>;
  /** Days for which a replaced or deleted version of an object is kept. @default 30 */
  readonly noncurrentDays?: number;
  /** Versions of an object that are kept however old they are. @default 2 */
  readonly noncurrentVersions?: number;
  /** Days in which a deleted object can be restored: 0, or 7 to 90. @default 7 */
  readonly softDeleteDays?: number;
  /** `STANDARD`, `NEARLINE`, `COLDLINE` or `ARCHIVE`. @default STANDARD */
  readonly storageClass?: "STANDARD" | "NEARLINE" | "COLDLINE" | "ARCHIVE";
  /** Whether objects move to cheaper classes when they are not read. @default false */
  readonly autoclass?: boolean;
  /** Seconds in which nothing can be deleted or replaced; rules out versioning. @default - none */
  readonly retentionSeconds?: number;
  /** Whether folders are real, and renamed in one step; rules out versioning. Only at creation. @default false */
  readonly hierarchicalNamespace?: boolean;
  /** Full name of a Cloud KMS key. @default - Google's keys */
  readonly kmsKey?: string;
  /** Bucket that gets the access logs, under `access/<name>`. @default - no access logs */
  readonly accessLogBucket?: string;
  /** Whether destroying the bucket deletes what is in it. @default false */
  readonly forceDestroy?: boolean;
  /** What must be there first, such as the enabled API. @default - nothing */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/** A bucket, whoever made it. */
export interface IStorageBucket {
  /** Name of the bucket. */
  readonly name: string;
  /**
   * Lets the identity list and read objects. With prefixes it reads those whose path begins with one of them, and
   * lists none: Cloud Storage cannot limit a list.
   */
  grantRead(identity: Identity, ...prefixes: readonly string[]): void;
  /** Lets the identity list, read, write, replace and delete objects. */
  grantWrite(identity: Identity): void;
  /** Lets the agent of Storage Transfer Service write copies here and compare them with their sources. */
  grantTransferSink(agent: Identity): void;
  /** Grants any other role on the bucket. */
  grant(identity: Identity, role: string, condition?: GrantCondition): void;
}

abstract class BucketBase extends Construct implements IStorageBucket {
  abstract readonly name: string;

  grantRead(identity: Identity, ...prefixes: readonly string[]): void {
    const condition = prefixes.length === 0 ? undefined : objectsUnder(this.name, prefixes);
    this.grant(identity, "roles/storage.objectViewer", condition);
  }

  grantWrite(identity: Identity): void {
    this.grant(identity, "roles/storage.objectUser");
  }

  grantTransferSink(agent: Identity): void {
    this.grant(agent, "roles/storage.legacyBucketWriter");
    this.grant(agent, "roles/storage.objectViewer");
  }

  grant(identity: Identity, role: string, condition?: GrantCondition): void {
    new StorageBucketIamMember(this, grantId(role, identity), {
      bucket: this.name,
      role,
      member: identity.member,
      condition,
    });
  }
}

/**
 * A private Cloud Storage bucket: uniform access, public access prevented, versions kept, unfinished uploads
 * cleared away.
 */
export class StorageBucket extends BucketBase {
  /** A bucket that exists already, or that another stack makes. Grants on it are made, the bucket is not. */
  static fromName(scope: Construct, id: string, name: string): IStorageBucket {
    return new ImportedBucket(scope, id, name);
  }

  override readonly name: string;

  constructor(scope: Construct, id: string, props: StorageBucketProps) {
    super(scope, id);
    refuse(this, faultsOf(props));
    const versioned = props.retentionSeconds === undefined && !props.hierarchicalNamespace;
    const bucket = new Bucket(this, "Resource", {
      name: props.name,
      // The API answers in upper case; anything else would be a difference in every plan.
      location: props.location.toUpperCase(),
      labels: props.labels,
      storageClass: props.storageClass ?? "STANDARD",
      uniformBucketLevelAccess: true,
      publicAccessPrevention: "enforced",
      forceDestroy: props.forceDestroy ?? false,
      versioning: { enabled: versioned },
      softDeletePolicy: { retentionDurationSeconds: (props.softDeleteDays ?? 7) * secondsPerDay },
      lifecycleRule: [
        { action: { type: "AbortIncompleteMultipartUpload" }, condition: { age: 7, withState: "ANY" } },
        ...(versioned ? [dropOldVersions(props.noncurrentDays ?? 30, props.noncurrentVersions ?? 2)] : []),
        ...Object.entries(props.expireDays ?? {}).map(([prefix, days]) => expire(prefix, days)),
      ],
      autoclass: props.autoclass ? { enabled: true, terminalStorageClass: "NEARLINE" } : undefined,
      retentionPolicy: props.retentionSeconds
        ? { isLocked: false, retentionPeriod: props.retentionSeconds }
        : undefined,
      hierarchicalNamespace: props.hierarchicalNamespace ? { enabled: true } : undefined,
      encryption: props.kmsKey ? { defaultKmsKeyName: props.kmsKey } : undefined,
      logging: props.accessLogBucket
        ? { logBucket: props.accessLogBucket, logObjectPrefix: `access/${props.name}` }
        : undefined,
      dependsOn: props.dependsOn && [...props.dependsOn],
    });
    this.name = bucket.name;
  }
}

class ImportedBucket extends BucketBase {
  constructor(
    scope: Construct,
    id: string,
    override readonly name: string,
  ) {
    super(scope, id);
  }
}

const secondsPerDay = 86_400;

function objectsUnder(bucket: string, prefixes: readonly string[]): GrantCondition {
  return {
    title: "this-prefix-only",
    expression: prefixes
      .map((prefix) => `resource.name.startsWith("projects/_/buckets/${bucket}/objects/${prefix}")`)
      .join(" || "),
  };
}

function expire(prefix: string, days: number): StorageBucketLifecycleRule {
  return { action: { type: "Delete" }, condition: { age: days, matchesPrefix: [prefix], withState: "ANY" } };
}

function dropOldVersions(days: number, kept: number): StorageBucketLifecycleRule {
  return {
    action: { type: "Delete" },
    condition: { daysSinceNoncurrentTime: days, numNewerVersions: kept, withState: "ARCHIVED" },
  };
}

function faultsOf(props: StorageBucketProps): (string | false)[] {
  const { name, softDeleteDays: softDelete = 7, expireDays = {} } = props;
  const fixed = props.retentionSeconds !== undefined || props.hierarchicalNamespace === true;
  return [
    malformed(
      "name",
      name,
      /^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/,
      "3 to 63 lower-case letters, digits, dashes, dots and underscores",
    ),
    softDelete !== 0 &&
      (softDelete < 7 || softDelete > 90) &&
      `softDeleteDays: ${softDelete} must be 0, or 7 to 90`,
    fixed &&
      props.noncurrentDays !== undefined &&
      "noncurrentDays: retention and real folders rule out versioning; leave it out",
    ...Object.entries(expireDays).map(
      ([prefix, days]) =>
        (!/^[^/].*\/$/.test(prefix) || !Number.isInteger(days) || days < 1) &&
        `expireDays: "${prefix}" after ${days} days must be a prefix that ends in / and at least 1 day`,
    ),
  ];
}
