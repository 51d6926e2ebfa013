import { isEmpty } from "../../diff/equal";
import { arrayOf, textOf } from "../../json";
import type { Obstacle } from "../../report/assessment";
import { at } from "../path";
import { parentsOf, nameForChildren } from "../parents";
import { isGrant } from "../identity";
import { DeletionOrder, progressText } from "../order";
import { isDeleted, referenceOf, type Row } from "../rows";

type Found = Omit<Obstacle, "stack" | "address" | "deposed" | "progress">;

/** Deletions that the state, the cloud or the contents of a resource prevent. */
export function protectedDeletions(changed: readonly Row[], rows: readonly Row[]): Obstacle[] {
  const order = new DeletionOrder(changed);
  const deleted = changed.filter(isDeleted);
  const filled = deleted.some(({ resource }) => resource.type === dataset)
    ? datasetsWithContents(rows)
    : none;
  return deleted.flatMap((row) => {
    const found = protection(row, filled);
    if (found === undefined) return [];
    const progress = progressText(order.before(row));
    return [{ ...referenceOf(row), ...found, ...(progress !== undefined && { progress }) }];
  });
}

const dataset = "google_bigquery_dataset";
const none: ReadonlySet<string> = new Set();

/** Terraform deletes the tables of the plan before their dataset; grants are not contents. */
function datasetsWithContents(rows: readonly Row[]): ReadonlySet<string> {
  return new Set(
    rows.flatMap((row) =>
      isDeleted(row) || isGrant(row.resource.type)
        ? []
        : parentsOf(row.resource.type, row.before).flatMap(({ type, name }) =>
            type === dataset ? name : [],
          ),
    ),
  );
}

function protection(row: Row, filled: ReadonlySet<string>): Found | undefined {
  const { before } = row;
  const { type } = row.resource;
  const verb = row.action === "replace" ? "replaced" : "deleted";
  for (const [path, remedy] of switches) {
    if (at(before, path) === true)
      return {
        certainty: "certain",
        reason: `${path} is true in the state, so the resource cannot be ${verb}`,
        remedy: `${remedy}, apply, then ${verb === "replaced" ? "replace" : "delete"} the resource`,
      };
  }
  for (const [attribute, value, remedy] of texts) {
    if (before[attribute] === value)
      return {
        certainty: "certain",
        reason: `${attribute} is ${value} in the state, so the resource cannot be ${verb}`,
        remedy: `set ${attribute} = "${remedy}", apply, then ${verb === "replaced" ? "replace" : "delete"} the resource`,
      };
  }
  if (
    /^aws_(?:db_instance|rds_cluster|docdb_cluster|neptune_cluster|redshift_cluster)$/.test(type) &&
    before["skip_final_snapshot"] === false &&
    isEmpty(before["final_snapshot_identifier"])
  )
    return {
      certainty: "certain",
      reason: `skip_final_snapshot is false and final_snapshot_identifier is not set, so the database cannot be ${verb}`,
      remedy: "set final_snapshot_identifier, apply, then delete the database",
    };
  if (type === "aws_ecr_repository" && before["force_delete"] !== true)
    return {
      certainty: "possible",
      reason: `force_delete is not set, so the repository cannot be ${verb} unless it is empty`,
      remedy: "delete its images first, or set force_delete and apply",
    };
  if (/_bucket_config$/.test(type) && before["locked"] === true)
    return {
      certainty: "certain",
      reason: `the log bucket is locked, so it cannot be ${verb} until all entries have expired`,
      remedy: "keep the log bucket",
    };
  if (at(before, "retention_policy.is_locked") === true)
    return {
      certainty: "certain",
      reason: `the retention policy is locked, so the bucket cannot be ${verb} until all objects have expired`,
      remedy: "keep the bucket",
    };
  if (/^(?:google_storage_bucket|aws_s3_bucket)$/.test(type) && before["force_destroy"] !== true)
    return {
      certainty: "possible",
      reason: `force_destroy is not set, so the bucket cannot be ${verb} unless it is empty`,
      remedy: "empty the bucket first, or set force_destroy and apply",
    };
  if (type === dataset && before["delete_contents_on_destroy"] !== true) {
    const holds = filled.has(nameForChildren(type, before) ?? "");
    return {
      certainty: holds ? "certain" : "possible",
      reason: `delete_contents_on_destroy is not set, so the dataset cannot be ${verb} ${holds ? "while it contains tables" : "unless it is empty"}`,
      remedy: "delete its tables first, or set delete_contents_on_destroy and apply",
    };
  }
  if (type === "google_kms_key_ring" || type === "google_kms_crypto_key")
    return {
      certainty: row.action === "replace" ? "certain" : "possible",
      reason: "key rings and keys cannot be deleted from Google Cloud, and their names cannot be reused",
      remedy: "change the name, or remove the resource from the state with a removed block",
    };
  if (type === "google_compute_network" || type === "google_service_networking_connection")
    return arrayOf(before["reserved_peering_ranges"]).length > 0 && row.action === "delete"
      ? {
          certainty: "possible",
          reason: "the connection cannot be deleted while an instance uses it",
          remedy: "delete the instances first",
        }
      : undefined;
  return textOf(before["lifecycle_state"]) === "DELETE_REQUESTED"
    ? {
        certainty: "possible",
        reason: "the resource is already being deleted",
        remedy: "remove it from the state with a removed block",
      }
    : undefined;
}

/** Protections whose value is a text. */
const texts: readonly (readonly [attribute: string, value: string, remedy: string])[] = [
  ["delete_protection_state", "DELETE_PROTECTION_ENABLED", "DELETE_PROTECTION_DISABLED"],
  ["deletion_policy", "PREVENT", "DELETE"],
  ["deletion_protection", "PROTECTED", "UNPROTECTED"],
];

const switches: readonly (readonly [path: string, remedy: string])[] = [
  ["deletion_protection", "set deletion_protection = false"],
  ["settings.deletion_protection_enabled", "set settings.deletion_protection_enabled = false"],
  ["enable_drop_protection", "set enable_drop_protection = false"],
  ["deletion_protection_enabled", "set deletion_protection_enabled = false"],
  ["disable_api_termination", "set disable_api_termination = false"],
];
