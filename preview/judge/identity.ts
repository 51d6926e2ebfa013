import { isEmpty } from "../diff/equal";
import { type JsonObject, textOf } from "../json";

/** The name of a resource in the cloud; undefined for grants and others that have none. */
export function cloudName(type: string, values: JsonObject): string | undefined {
  if (isGrant(type)) return undefined;
  if (type === "google_bigquery_table") {
    const table = textOf(values["table_id"]);
    const dataset = lastSegment(textOf(values["dataset_id"]));
    return table === undefined ? undefined : dataset === undefined ? table : `${dataset}.${table}`;
  }
  const attribute = nameAttributes[type];
  const names = attribute === undefined ? commonNames : [attribute, ...commonNames];
  for (const name of names) {
    const text = textOf(values[name]);
    if (text !== undefined && text !== "") return text;
  }
  return undefined;
}

/** Whether a resource gives somebody a role on something else. */
export function isGrant(type: string): boolean {
  return /_iam_(?:member|binding|policy|audit_config)$|^google_bigquery_dataset_access$|_access_control$|_acl$/.test(
    type,
  );
}

/** The last part of a path such as `projects/p/topics/t`; a plain name is its own. */
export function lastSegment(name: string | undefined): string | undefined {
  return name?.slice(name.lastIndexOf("/") + 1);
}

const nameAttributes: Readonly<Record<string, string>> = {
  google_bigquery_dataset: "dataset_id",
  google_bigquery_routine: "routine_id",
  google_service_account: "email",
  google_secret_manager_secret: "secret_id",
  google_artifact_registry_repository: "repository_id",
  google_project_iam_custom_role: "role_id",
  google_iam_workload_identity_pool: "workload_identity_pool_id",
  google_iam_workload_identity_pool_provider: "workload_identity_pool_provider_id",
  google_project: "project_id",
  google_project_service: "service",
  google_redis_instance: "name",
  aws_s3_bucket: "bucket",
  aws_db_instance: "identifier",
  aws_rds_cluster: "cluster_identifier",
  aws_iam_policy_attachment: "name",
  google_storage_bucket_object: "name",
};

const commonNames = [
  "name",
  "bucket",
  "dataset_id",
  "account_id",
  "instance_id",
  "cluster_id",
  "display_name",
  "function_name",
  "identifier",
];

/** What identifies a resource in the cloud, but for its place: two with the same in one place cannot both be there. */
export function cloudIdentity(type: string, values: JsonObject): string | undefined {
  const name = cloudName(type, values);
  if (name !== undefined) return `${type} ${name.replace(/@.*/, "")}`;
  return isGrant(type) ? grantIdentity(type, values) : undefined;
}

/** Whether two resources of one name can be the same: nothing that is known of their places differs. */
export function maySharePlace(type: string, one: JsonObject, other: JsonObject): boolean {
  if (globalNames.has(type)) return true;
  return places.every((attribute) => {
    const [here, there] = [lastSegment(textOf(one[attribute])), lastSegment(textOf(other[attribute]))];
    return here === undefined || there === undefined || here === there;
  });
}

/** Attributes besides the name that tell resources of one name apart. */
const places = [
  "project",
  "location",
  "region",
  "zone",
  "instance",
  "dataset_id",
  "bucket",
  "topic",
  "key_ring",
];

/** Names that are taken in the whole cloud, wherever they are. */
const globalNames = new Set([
  "google_storage_bucket",
  "google_project",
  "google_service_account",
  "aws_s3_bucket",
]);

/** What a grant says, without what the cloud adds. */
function grantIdentity(type: string, values: JsonObject): string {
  const said = Object.entries(values).filter(
    ([name, value]) => !["id", "etag", "project"].includes(name) && !isEmpty(value),
  );
  return JSON.stringify([type, ...said.sort(([one], [other]) => (one < other ? -1 : 1))]);
}
