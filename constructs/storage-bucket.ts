import {
  StorageBucket as Bucket,
  type StorageBucketLifecycleRule,
} from "@cdktf/provider-google/lib/storage-bucket";
import { StorageBucketIamMember } from "@cdktf/provider-google/lib/storage-bucket-iam-member";
import type { Construct, IConstruct } from "constructs";
import { type Fault, malformed, notWhole, refuse } from "./errors";
import { Grant, type GrantCondition, grantId, grantOnce } from "./grant";
import type { IKmsKey } from "./kms-key";
import type { Identity } from "./service-identity";
import { type Dependency, TerraformConstruct } from "./terraform-construct";

export interface StorageBucketProps {
  /** Globally unique: 3 to 63 lowercase letters, digits, hyphens, dots and underscores. */
  readonly name: string;
  /** A region (`europe-west6`) or multi-region (`EU`). BigQuery reads buckets in the location of its dataset only. */
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
  /** Number of replaced or deleted versions of an object that are kept however old they are. @default 2 */
  readonly noncurrentVersions?: number;
  /** Days within which a deleted object can be restored: 0, or 7 to 90. @default 7 */
  readonly softDeleteDays?: number;
  /** Storage class of new objects. @default STANDARD */
  readonly storageClass?: "STANDARD" | "NEARLINE" | "COLDLINE" | "ARCHIVE";
  /** Whether objects that are not read move to cheaper storage classes. @default false */
  readonly autoclass?: boolean;
  /** Seconds for which an object cannot be deleted or replaced. Disables versioning. @default - none */
  readonly retentionSeconds?: number;
  /**
   * Whether the bucket has real folders, which are renamed atomically. Disables versioning; cannot be changed later.
   * @default false
   */
  readonly hierarchicalNamespace?: boolean;
  /** Key that encrypts the objects. @default - Google-managed keys */
  readonly kmsKey?: IKmsKey;
  /** Bucket to which access logs are written, under `access/<name>`. @default - no access logs */
  readonly accessLogBucket?: IStorageBucket;
  /** Whether destroying the bucket deletes the objects in it. @default false */
  readonly forceDestroy?: boolean;
  /** What must be created first, such as the enabled API. @default - nothing */
  readonly dependsOn?: readonly Dependency[];
}

/** A Cloud Storage bucket, new or imported. */
export interface IStorageBucket extends IConstruct {
  /** Name of the bucket. */
  readonly name: string;
  /**
   * Lets the identity list and read objects. With prefixes, it may read the objects whose name starts with one of
   * them, and may not list: Cloud Storage cannot limit a list to a prefix.
   */
  grantRead(identity: Identity, ...prefixes: readonly string[]): Grant;
  /** Lets the identity list, read, write, replace and delete objects. */
  grantWrite(identity: Identity): Grant;
  /** Lets the agent of Storage Transfer Service write copies to the bucket and compare them with their sources. */
  grantTransferSink(agent: Identity): Grant;
  /** Grants any other role on the bucket. */
  grant(identity: Identity, role: string, condition?: GrantCondition): Grant;
}

abstract class BucketBase extends TerraformConstruct implements IStorageBucket {
  abstract readonly name: string;

  grantRead(identity: Identity, ...prefixes: readonly string[]): Grant {
    const condition = prefixes.length === 0 ? undefined : objectsUnder(this.name, prefixes);
    return this.grant(identity, "roles/storage.objectViewer", condition);
  }

  grantWrite(identity: Identity): Grant {
    return this.grant(identity, "roles/storage.objectUser");
  }

  grantTransferSink(agent: Identity): Grant {
    return Grant.all(
      this.grant(agent, "roles/storage.legacyBucketWriter"),
      this.grant(agent, "roles/storage.objectViewer"),
    );
  }

  grant(identity: Identity, role: string, condition?: GrantCondition): Grant {
    return grantOnce(this, grantId(role, identity), StorageBucketIamMember, {
      bucket: this.name,
      role,
      member: identity.member,
      condition,
    });
  }
}

/**
 * A private Cloud Storage bucket: uniform access, public access prevented, object versions kept, incomplete uploads
 * deleted after a week.
 */
export class StorageBucket extends BucketBase {
  /**
   * Imports a bucket that exists already or that another stack creates. Grants on it are created; the bucket itself
   * is not managed.
   */
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
      // The API returns upper case; lower case would be a difference in every plan.
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
      encryption: props.kmsKey && { defaultKmsKeyName: props.kmsKey.resourceName },
      logging: props.accessLogBucket && {
        logBucket: props.accessLogBucket.name,
        logObjectPrefix: `access/${props.name}`,
      },
    });
    bucket.node.addDependency(...(props.dependsOn ?? []));
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

function faultsOf(props: StorageBucketProps): Fault[] {
  const { name, softDeleteDays: softDelete = 7, expireDays = {}, retentionSeconds } = props;
  const unversioned = retentionSeconds !== undefined || props.hierarchicalNamespace === true;
  return [
    malformed(
      "name",
      name,
      /^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/,
      "3 to 63 lowercase letters, digits, hyphens, dots and underscores",
    ),
    softDelete !== 0 &&
      (softDelete < 7 || softDelete > 90) &&
      `softDeleteDays: ${softDelete} must be 0, or 7 to 90`,
    retentionSeconds !== undefined && notWhole("retentionSeconds", retentionSeconds, 1),
    ...(["noncurrentDays", "noncurrentVersions"] as const).map(
      (prop) =>
        unversioned &&
        props[prop] !== undefined &&
        `${prop}: versioning is disabled by retentionSeconds and hierarchicalNamespace; remove ${prop}`,
    ),
    ...Object.entries(expireDays).map(
      ([prefix, days]) =>
        (!/^[^/].*\/$/.test(prefix) || !Number.isInteger(days) || days < 1) &&
        `expireDays: "${prefix}" after ${days} days must be a prefix that ends in / and at least 1 day`,
    ),
  ];
}
