/** A check of checkov that some constructs fail, and why that is right. */
export interface Suppression {
  /** `CKV_GCP_62` */
  readonly check: string;
  /** Path of the constructs, `*` for any part: `prod-lake/*`. */
  readonly constructs: string;
  /** Why the check is wrong here, or what takes its place. */
  readonly reason: string;
}

const googleKeys =
  "Google's keys encrypt everything at rest. Whoever must hold the key sets kmsKey in config/, and it is used here.";

const readsFlagsWrongly =
  "The check itself crashes on flags in JSON (bridgecrewio/checkov#7033). A test reads the flag in its place.";

/** All of them. One without a reason, or one that nothing fails any more, is a failure of its own. */
export const suppressions: readonly Suppression[] = [
  {
    check: "CKV_GCP_62",
    constructs: "*-foundation/access-logs/Resource",
    reason: "It is the bucket that gets the access logs: it would log its own logging.",
  },
  { check: "CKV_GCP_80", constructs: "*-warehouse/*", reason: googleKeys },
  { check: "CKV_GCP_81", constructs: "*-warehouse/*", reason: googleKeys },
  { check: "CKV_GCP_84", constructs: "*-foundation/images/Resource", reason: googleKeys },
  {
    check: "CKV_GCP_121",
    constructs: "dev-warehouse/*",
    reason: "What dev holds can be ingested again, and dev must be destroyable.",
  },
  {
    check: "CKV_GCP_121",
    constructs: "*-warehouse/*_lake/Resource",
    reason:
      "An external table holds no data: deleting it loses nothing, and the files it reads are protected.",
  },
  {
    check: "CKV_GCP_117",
    constructs: "*-foundation/ci/plan/viewer",
    reason: "A plan reads every resource of the project: roles/viewer is that, and it cannot write.",
  },
  {
    check: "CKV_GCP_125",
    constructs: "*-foundation/ci/github",
    reason:
      "The check knows only conditions on the subject, which is made of names that can be taken over. This one " +
      "compares the numbers of the repository and of its owner.",
  },
  { check: "CKV_GCP_54", constructs: "*-database/postgres/Resource", reason: readsFlagsWrongly },
  { check: "CKV_GCP_57", constructs: "*-database/postgres/Resource", reason: readsFlagsWrongly },
];
