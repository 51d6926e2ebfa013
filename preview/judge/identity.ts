import { isEmpty } from "../diff/equal";
import { type JsonObject, textOf } from "../json";
import { lookup } from "../lookup";

/** The name of a resource in the cloud; undefined for grants and other resources without a name. */
export function cloudName(type: string, values: JsonObject): string | undefined {
  if (isGrant(type)) return undefined;
  if (type === "google_bigquery_table") {
    const table = textOf(values["table_id"]);
    const dataset = lastSegment(textOf(values["dataset_id"]));
    return table === undefined ? undefined : dataset === undefined ? table : `${dataset}.${table}`;
  }
  const attribute = nameAttributes(type);
  const names = attribute === undefined ? commonNames : [attribute, ...commonNames];
  for (const name of names) {
    const text = textOf(values[name]);
    if (text !== undefined && text !== "") return text;
  }
  return undefined;
}

/** Whether a resource grants a role on another resource. */
export function isGrant(type: string): boolean {
  let known = grants.get(type);
  if (known === undefined) grants.set(type, (known = grantType.test(type)));
  return known;
}

/** Cache by type: a plan has thousands of resources of a few dozen types. */
const grants = new Map<string, boolean>();

const grantType =
  /_iam_(?:member|binding|policy|audit_config)$|^google_bigquery_dataset_access$|_access_control$|_acl$/;

/** The last segment of a path such as `projects/p/topics/t`; a plain name is returned unchanged. */
export function lastSegment(name: string | undefined): string | undefined {
  return name?.slice(name.lastIndexOf("/") + 1);
}

const nameAttributes = lookup<string>({
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
  aws_s3_object: "key",
  aws_lambda_permission: "statement_id",
  aws_db_instance: "identifier",
  aws_rds_cluster: "cluster_identifier",
  aws_iam_policy_attachment: "name",
  google_storage_bucket_object: "name",
});

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

/** Identifies a resource in the cloud within its project, location or parent. */
export function cloudIdentity(type: string, values: JsonObject): string | undefined {
  const name = cloudName(type, values);
  if (name !== undefined) return `${type} ${name.replace(/@.*/, "")}`;
  return isGrant(type) ? grantIdentity(type, values) : undefined;
}

/** Whether two resources with the same name can be identical: no known part of their locations differs. */
export function maySharePlace(type: string, one: JsonObject, other: JsonObject): boolean {
  if (globalNames.has(type)) return true;
  return places.every((attribute) => {
    const [here, there] = [lastSegment(textOf(one[attribute])), lastSegment(textOf(other[attribute]))];
    return here === undefined || there === undefined || here === there;
  });
}

/** Attributes that distinguish resources with the same name. */
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
  // Of DNS records.
  "managed_zone",
  "zone_id",
  "type",
  // Of Lambda permissions and services of ECS.
  "function_name",
  "cluster",
];

/** Types with globally unique names. */
const globalNames = new Set([
  "google_storage_bucket",
  "google_project",
  "google_service_account",
  "aws_s3_bucket",
]);

/** The configured attributes of a grant, without computed ones. */
function grantIdentity(type: string, values: JsonObject): string {
  const said = Object.entries(values).filter(
    ([name, value]) => !["id", "etag", "project"].includes(name) && !isEmpty(value),
  );
  return JSON.stringify([type, ...said.sort(([one], [other]) => (one < other ? -1 : 1))]);
}
