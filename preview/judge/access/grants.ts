import { arrayOf, blockOf, isObject, type Json, type JsonObject, objectOf, textOf } from "../../json";
import { isGrant, lastSegment } from "../identity";
import { lookup } from "../../lookup";

/** A role of an identity on a resource. */
export interface Grant {
  readonly who: string;
  readonly role: string;
  /** `bucket prod-lake`, `project p`. */
  readonly on: string;
  /** Expression of the condition; undefined for an unconditional grant. */
  readonly condition?: string;
  /** Whether the resource removes the role from identities that it does not list. */
  readonly authoritative: boolean;
}

/** The grants of a resource; empty for other resources. */
export function grantsOf(type: string, values: JsonObject): Grant[] {
  if (isGrant(type)) {
    const [, service, kind] = /^google_(\w+?)_iam_(member|binding|policy)$/.exec(type) ?? [];
    if (service !== undefined && kind !== undefined) return iamGrants(service, kind, values);
  }
  switch (type) {
    case "google_bigquery_dataset":
      return arrayOf(values["access"]).flatMap((entry) => datasetAccess(objectOf(entry), values, true));
    case "google_bigquery_dataset_access":
      return datasetAccess(values, values, false);
    case "google_storage_bucket_acl":
    case "google_storage_default_object_acl":
    case "google_storage_object_acl":
      return acl(values);
    case "google_storage_bucket_access_control":
    case "google_storage_default_object_access_control":
    case "google_storage_object_access_control":
      return [
        grant(
          textOf(values["entity"]),
          textOf(values["role"]),
          `bucket ${textOf(values["bucket"]) ?? ""}`,
          false,
        ),
      ];
    case "aws_s3_bucket_acl":
    case "aws_s3_bucket":
    case "aws_s3_object":
      return cannedAcl(textOf(values["acl"]), `bucket ${textOf(values["bucket"]) ?? ""}`);
    case "aws_iam_role_policy_attachment":
    case "aws_iam_user_policy_attachment":
    case "aws_iam_group_policy_attachment":
      return [
        grant(
          textOf(values["role"]) ?? textOf(values["user"]) ?? textOf(values["group"]),
          lastSegment(textOf(values["policy_arn"])),
          "the AWS account",
          false,
        ),
      ];
    case "aws_iam_policy_attachment":
      return ["roles", "users", "groups"].flatMap((kind) =>
        listOf(values[kind]).map((one) =>
          grant(one, lastSegment(textOf(values["policy_arn"])), "the AWS account", true),
        ),
      );
    case "google_cloud_identity_group_membership":
      return arrayOf(values["roles"]).map((role) =>
        grant(
          textOf(blockOf(values["preferred_member_key"])["id"]),
          textOf(objectOf(role)["name"]),
          `group ${textOf(values["group"]) ?? ""}`,
          false,
        ),
      );
    case "aws_kms_grant":
      return [
        grant(
          textOf(values["grantee_principal"]),
          listOf(values["operations"]).join(", "),
          `key ${lastSegment(textOf(values["key_id"])) ?? ""}`,
          false,
        ),
      ];
    case "aws_lambda_permission":
      return [
        grant(
          textOf(values["principal"]),
          textOf(values["action"]),
          `function ${textOf(values["function_name"]) ?? ""}`,
          false,
          textOf(values["source_arn"]) ?? textOf(values["source_account"]),
        ),
      ];
    case "aws_s3_bucket_policy":
    case "aws_sqs_queue_policy":
    case "aws_sns_topic_policy":
    case "aws_sqs_queue":
    case "aws_sns_topic":
    case "aws_ecr_repository_policy":
    case "aws_secretsmanager_secret_policy":
    case "aws_kms_key_policy":
    case "aws_opensearch_domain":
    case "aws_opensearch_domain_policy":
    case "aws_elasticsearch_domain":
    case "aws_backup_vault_policy":
    case "aws_efs_file_system_policy":
    case "aws_glacier_vault":
    case "aws_kms_key":
    case "aws_iam_role":
    case "aws_iam_role_policy":
    case "aws_iam_policy":
    case "aws_iam_user_policy":
    case "aws_iam_group_policy":
      return awsGrants(type, values);
    default:
      return [];
  }
}

/** Two grants with the same key differ at most in their condition. */
export function grantKey({ who, role, on }: Grant): string {
  return JSON.stringify([who, role, on]);
}

function iamGrants(service: string, kind: string, values: JsonObject): Grant[] {
  const on = targetOf(service, values);
  if (kind === "policy") {
    const policy = objectOf(jsonOf(values["policy_data"]));
    return arrayOf(policy["bindings"]).flatMap((binding) => bindingGrants(objectOf(binding), on, true));
  }
  if (kind === "binding") return bindingGrants(values, on, true);
  return [
    grant(textOf(values["member"]), textOf(values["role"]), on, false, conditionOf(values["condition"])),
  ];
}

function bindingGrants(binding: JsonObject, on: string, authoritative: boolean): Grant[] {
  return arrayOf(binding["members"]).map((member) =>
    grant(textOf(member), textOf(binding["role"]), on, authoritative, conditionOf(binding["condition"])),
  );
}

function grant(
  who: string | undefined,
  role: string | undefined,
  on: string,
  authoritative: boolean,
  condition?: string,
): Grant {
  return {
    who: who ?? "(known after apply)",
    role: role ?? "(known after apply)",
    on,
    authoritative,
    ...(condition !== undefined && { condition }),
  };
}

function conditionOf(value: Json | undefined): string | undefined {
  return textOf(blockOf(value)["expression"]);
}

/** Kind of the resource and attributes with its name, by the part of the type before `_iam_`. */
const targets = lookup<readonly [kind: string, ...attributes: string[]]>({
  project: ["project", "project"],
  folder: ["folder", "folder"],
  organization: ["organization", "org_id"],
  billing_account: ["billing account", "billing_account_id"],
  storage_bucket: ["bucket", "bucket"],
  bigquery_dataset: ["dataset", "dataset_id"],
  bigquery_table: ["table", "dataset_id", "table_id"],
  bigquery_connection: ["connection", "connection_id"],
  pubsub_topic: ["topic", "topic"],
  pubsub_subscription: ["subscription", "subscription"],
  service_account: ["service account", "service_account_id"],
  secret_manager_secret: ["secret", "secret_id"],
  kms_crypto_key: ["key", "crypto_key_id"],
  kms_key_ring: ["key ring", "key_ring_id"],
  artifact_registry_repository: ["repository", "repository"],
  cloud_run_v2_job: ["job", "name"],
  cloud_run_v2_service: ["service", "name"],
  cloud_run_service: ["service", "service"],
  cloudfunctions_function: ["function", "cloud_function"],
  cloudfunctions2_function: ["function", "cloud_function"],
});

function targetOf(service: string, values: JsonObject): string {
  const [kind, ...attributes] = targets(service) ?? [service.replaceAll("_", " "), "name", "project"];
  const names = attributes.flatMap((attribute) => lastSegment(textOf(values[attribute])) ?? []);
  return `${kind} ${names.length === 0 ? "(known after apply)" : names.join(".")}`;
}

function datasetAccess(entry: JsonObject, values: JsonObject, authoritative: boolean): Grant[] {
  const named: readonly (readonly [attribute: string, prefix: string])[] = [
    ["user_by_email", "user:"],
    ["group_by_email", "group:"],
    ["domain", "domain:"],
    ["special_group", ""],
    ["iam_member", ""],
  ];
  const who = named.flatMap(([attribute, prefix]) => {
    const text = textOf(entry[attribute]);
    return text === undefined || text === "" ? [] : [prefix + text];
  });
  const role = textOf(entry["role"]);
  const on = `dataset ${lastSegment(textOf(values["dataset_id"])) ?? ""}`;
  if (role === undefined || role === "")
    return authorized(entry).map((one) => grant(one, "reads as an authorized resource", on, authoritative));
  return who.map((one) => grant(one, role, on, authoritative));
}

/** Views, routines and datasets that read a dataset for whoever can read them. */
function authorized(entry: JsonObject): string[] {
  const parts = ["project_id", "dataset_id", "table_id", "routine_id"];
  return ["view", "routine", "dataset"].flatMap((kind) => {
    const block = blockOf(entry[kind]);
    const names = parts.flatMap((part) => textOf(block[part] ?? blockOf(block["dataset"])[part]) ?? []);
    return names.length === 0 ? [] : [`${kind} ${names.join(".")}`];
  });
}

/** An access control list with a name, such as `public-read`. */
function cannedAcl(name: string | undefined, on: string): Grant[] {
  if (name?.startsWith("public-read") === true) return [grant("allUsers", name, on, true)];
  return name === "authenticated-read" ? [grant("allAuthenticatedUsers", name, on, true)] : [];
}

function acl(values: JsonObject): Grant[] {
  const on = `bucket ${textOf(values["bucket"]) ?? ""}`;
  const entries = arrayOf(values["role_entity"]).flatMap((entry) => {
    const [role, entity] = (textOf(entry) ?? "").split(":");
    return [grant(entity, role, on, true)];
  });
  const predefined = textOf(values["predefined_acl"]) ?? "";
  return /^public/i.test(predefined) ? [...entries, grant("allUsers", predefined, on, true)] : entries;
}

function awsGrants(type: string, values: JsonObject): Grant[] {
  const on =
    `${type.replace(/^aws_/, "").replaceAll("_", " ")} ${textOf(values["bucket"]) ?? textOf(values["name"]) ?? ""}`.trim();
  const attached = listOf(values["managed_policy_arns"]).map((arn) =>
    grant(textOf(values["name"]), lastSegment(arn), "the AWS account", true),
  );
  const policies = [
    values["policy"] ?? values["assume_role_policy"] ?? values["access_policies"] ?? values["access_policy"],
    ...arrayOf(values["inline_policy"]).map((inline) => objectOf(inline)["policy"]),
  ];
  return [...attached, ...policies.flatMap((policy) => statementGrants(on, policy))];
}

function statementGrants(on: string, document: Json | undefined): Grant[] {
  const policy = objectOf(jsonOf(document));
  const statements = isObject(policy["Statement"]) ? [policy["Statement"]] : arrayOf(policy["Statement"]);
  return statements.filter(isObject).flatMap((statement) => {
    if (statement["Effect"] !== "Allow") return [];
    const condition =
      statement["Condition"] === undefined ? undefined : JSON.stringify(statement["Condition"]);
    const resources = listOf(statement["Resource"]).join(", ");
    const excluded = listOf(statement["NotAction"]);
    const actions =
      excluded.length === 0 ? listOf(statement["Action"]).join(", ") : `* except ${excluded.join(", ")}`;
    // Everyone except a few is everyone.
    const principals = statement["NotPrincipal"] === undefined ? principalsOf(statement["Principal"]) : ["*"];
    return principals.map((who) =>
      grant(who, actions, resources === "" ? on : `${on}: ${resources}`, true, condition),
    );
  });
}

function principalsOf(principal: Json | undefined): string[] {
  if (principal === undefined) return ["identities with the policy"];
  if (!isObject(principal)) return listOf(principal);
  return Object.entries(principal).flatMap(([kind, names]) =>
    listOf(names).map((name) => (name === "*" ? "*" : `${kind}: ${name}`)),
  );
}

function listOf(value: Json | undefined): string[] {
  return typeof value === "string" ? [value] : arrayOf(value).flatMap((item) => textOf(item) ?? []);
}

function jsonOf(value: Json | undefined): Json | undefined {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return undefined;
  }
}
