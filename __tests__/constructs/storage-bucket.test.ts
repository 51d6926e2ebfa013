import { KmsKey } from "../../constructs/kms-key";
import { GoogleGroup } from "../../constructs/service-identity";
import { StorageBucket, type StorageBucketProps } from "../../constructs/storage-bucket";
import { resources, stackOf } from "../support/stack";
import { location, member, only, reader, refusal, like } from "./support";

const type = "google_storage_bucket";
const bucket = (props: Partial<StorageBucketProps> = {}) =>
  only(type, (stack) => new StorageBucket(stack, "lake", { name: "my-lake", location, ...props }));

describe("StorageBucket", () => {
  test("is private and versioned, and deletes incomplete uploads by default", () => {
    expect(bucket({ location: "eu" })).toEqual({
      name: "my-lake",
      location: "EU",
      storage_class: "STANDARD",
      uniform_bucket_level_access: true,
      public_access_prevention: "enforced",
      force_destroy: false,
      versioning: { enabled: true },
      soft_delete_policy: { retention_duration_seconds: 604_800 },
      lifecycle_rule: [
        { action: { type: "AbortIncompleteMultipartUpload" }, condition: { age: 7, with_state: "ANY" } },
        {
          action: { type: "Delete" },
          condition: { days_since_noncurrent_time: 30, num_newer_versions: 2, with_state: "ARCHIVED" },
        },
      ],
    });
  });

  test("accepts how long objects and versions are kept", () => {
    const kept = {
      noncurrentDays: 5,
      noncurrentVersions: 20,
      softDeleteDays: 0,
      expireDays: { "landing/": 30 },
    };
    expect(bucket(kept)).toMatchObject({
      soft_delete_policy: { retention_duration_seconds: 0 },
      lifecycle_rule: [
        {},
        { condition: { days_since_noncurrent_time: 5, num_newer_versions: 20 } },
        {
          action: { type: "Delete" },
          condition: { age: 30, matches_prefix: ["landing/"], with_state: "ANY" },
        },
      ],
    });
  });

  test.each([
    [{ retentionSeconds: 3600 }, { retention_policy: { is_locked: false, retention_period: 3600 } }],
    [{ hierarchicalNamespace: true }, { hierarchical_namespace: { enabled: true } }],
  ])("with %p is not versioned", (props, expected) => {
    const uploads = { action: { type: "AbortIncompleteMultipartUpload" } };
    expect(bucket(props)).toMatchObject({
      ...expected,
      versioning: { enabled: false },
      lifecycle_rule: [uploads],
    });
  });

  test("accepts storage class, autoclass, labels, and whether objects are deleted with it", () => {
    const props = { storageClass: "NEARLINE", labels: { a: "b" }, forceDestroy: true } as const;
    expect(bucket(props)).toMatchObject({
      storage_class: "NEARLINE",
      labels: { a: "b" },
      force_destroy: true,
    });
    expect(bucket({ autoclass: true })).toMatchObject({
      autoclass: { enabled: true, terminal_storage_class: "NEARLINE" },
    });
  });

  test("is encrypted with a key, and logs to a bucket, new or imported", () => {
    const key = "projects/p/locations/l/keyRings/r/cryptoKeys/k";
    const json = stackOf((stack) => {
      const logs = new StorageBucket(stack, "logs", { name: "my-logs", location });
      const kmsKey = KmsKey.fromName(stack, "key", key);
      new StorageBucket(stack, "one", { name: "one", location, kmsKey, accessLogBucket: logs });
      const theirs = StorageBucket.fromName(stack, "theirs", "theirs");
      new StorageBucket(stack, "two", { name: "two", location, accessLogBucket: theirs });
    });
    expect(resources(json, type)).toMatchObject([
      { name: "my-logs" },
      {
        name: "one",
        encryption: { default_kms_key_name: key },
        logging: {
          log_bucket: like(/^\$\{google_storage_bucket\.logs_\w+\.name\}$/),
          log_object_prefix: "access/one",
        },
      },
      { name: "two", logging: { log_bucket: "theirs", log_object_prefix: "access/two" } },
    ]);
  });

  test("grants single members, new or imported", () => {
    const json = stackOf((stack) => {
      const lake = StorageBucket.fromName(stack, "lake", "my-lake");
      lake.grantRead(reader(stack), "manifests/");
      lake.grantWrite(new GoogleGroup(stack, "team", "team@example.com"));
    });
    expect(resources(json, "google_storage_bucket_iam_member")).toEqual([
      { bucket: "my-lake", role: "roles/storage.objectUser", member: "group:team@example.com" },
      {
        bucket: "my-lake",
        role: "roles/storage.objectViewer",
        member,
        condition: {
          title: "this-prefix-only",
          expression: 'resource.name.startsWith("projects/_/buckets/my-lake/objects/manifests/")',
        },
      },
    ]);
    expect(resources(json, type)).toEqual([]);
  });

  test("grants reading several prefixes at once, a transfer agent to write, and any other role", () => {
    const json = stackOf((stack) => {
      const lake = StorageBucket.fromName(stack, "lake", "my-lake");
      lake.grantRead(reader(stack), "raw/", "manifests/");
      lake.grantTransferSink(new GoogleGroup(stack, "agent", "agent@example.com"));
      lake.grant(new GoogleGroup(stack, "logs", "logs@example.com"), "roles/storage.objectCreator");
    });
    const prefix = "projects/_/buckets/my-lake/objects";
    expect(resources(json, "google_storage_bucket_iam_member")).toMatchObject([
      { role: "roles/storage.legacyBucketWriter", member: "group:agent@example.com" },
      { role: "roles/storage.objectCreator", member: "group:logs@example.com" },
      { role: "roles/storage.objectViewer", member: "group:agent@example.com" },
      {
        role: "roles/storage.objectViewer",
        condition: {
          expression: `resource.name.startsWith("${prefix}/raw/") || resource.name.startsWith("${prefix}/manifests/")`,
        },
      },
    ]);
  });

  test("rejects names, periods and prefixes that Cloud Storage does not accept", () => {
    const wrong = {
      name: "L",
      softDeleteDays: 3,
      retentionSeconds: 0,
      noncurrentDays: 1,
      noncurrentVersions: 1,
      expireDays: { raw: 0 },
    };
    expect(refusal(() => bucket(wrong))).toBe(`StorageBucket at test/lake:
  - name: "L" must be 3 to 63 lowercase letters, digits, hyphens, dots and underscores
  - softDeleteDays: 3 must be 0, or 7 to 90
  - retentionSeconds: 0 must be an integer of at least 1
  - noncurrentDays: versioning is disabled by retentionSeconds and hierarchicalNamespace; remove noncurrentDays
  - noncurrentVersions: versioning is disabled by retentionSeconds and hierarchicalNamespace; remove noncurrentVersions
  - expireDays: "raw" after 0 days must be a prefix that ends in / and at least 1 day`);
  });
});
