/** A check of checkov that does not apply to some constructs, and why. */
export interface Suppression {
  /** `CKV_GCP_62` */
  readonly check: string;
  /** Path of the constructs, with `*` as a wildcard: `prod-lake/*`. */
  readonly constructs: string;
  /** Why the check does not apply, or what replaces it. */
  readonly reason: string;
}

const googleKeys =
  "Data is encrypted at rest with Google-managed keys. To use a customer-managed key, set kmsKey in config/.";

const readsFlagsWrongly =
  "The check crashes on flags in JSON (bridgecrewio/checkov#7033). A test of this project checks the flag instead.";

/** All suppressions. One without a reason, or one that matches no finding, is a failure. */
export const suppressions: readonly Suppression[] = [
  {
    check: "CKV_GCP_62",
    constructs: "*",
    reason:
      "Data Access audit logs have who read and wrote objects. Usage logs require a grant to a group of Google, which " +
      "domain-restricted sharing refuses; audit.usageLogs in config/ enables them.",
  },
  {
    check: "CKV2_GCP_4",
    constructs: "*-foundation/data-access-logs/Resource",
    reason:
      "A locked policy can never be removed, nor can the bucket before all logs have expired. The bucket keeps logs that " +
      "are deleted or replaced: as noncurrent versions, and by soft delete.",
  },
  { check: "CKV_GCP_80", constructs: "*-warehouse/*", reason: googleKeys },
  { check: "CKV_GCP_81", constructs: "*-warehouse/*", reason: googleKeys },
  { check: "CKV_GCP_84", constructs: "*-foundation/images/Resource", reason: googleKeys },
  {
    check: "CKV_GCP_121",
    constructs: "dev-warehouse/*",
    reason: "The data in dev can be ingested again, and it must be possible to destroy dev.",
  },
  {
    check: "CKV_GCP_121",
    constructs: "*-warehouse/*_lake/Resource",
    reason:
      "An external table contains no data. Deleting it loses nothing, and the files that it reads are protected.",
  },
  {
    check: "CKV_GCP_125",
    constructs: "*-foundation/ci/github",
    reason:
      "The check only accepts conditions on the subject, which consists of names that others can reuse. This condition " +
      "compares the numeric IDs of the repository and its owner.",
  },
  {
    check: "CKV_GCP_49",
    constructs: "*-composer/composer/composer-worker",
    reason:
      "Composer requires this role of an environment's account, and it exists on projects only. Workflows, the default, " +
      "needs nothing like it.",
  },
  { check: "CKV_GCP_54", constructs: "*-database/postgres/Resource", reason: readsFlagsWrongly },
  { check: "CKV_GCP_57", constructs: "*-database/postgres/Resource", reason: readsFlagsWrongly },
];
