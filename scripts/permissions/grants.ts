import * as z from "zod/mini";
import type { Environment } from "../../config";
import { resourcesOf } from "../../guardrails/synthesis";
import { textAt, textsAt } from "../../guardrails/values";
import type { StackJson } from "../synthesized";

/** A grant, in short names: those of the environment without its prefix. */
export interface GrantLine {
  readonly who: string;
  readonly what: string;
  readonly where: string;
  /** The condition that limits it. @default - none */
  readonly only?: string;
}

/** A custom role, and its permissions. */
export interface CustomRoleLine {
  readonly name: string;
  readonly permissions: readonly string[];
}

/** All grants in the stacks of an environment, each once. */
export function grantsIn(environment: Environment, stacks: ReadonlyMap<string, StackJson>): GrantLine[] {
  const short = shortener(environment);
  const lines = [...stacks].flatMap(([stack, json]) =>
    resourcesOf(stack, json.resource).flatMap(({ type, values }): GrantLine[] => {
      const text = (name: string) => short(resolvedIdentity(textAt(values, name) ?? "", json));
      if (type === "google_bigquery_dataset")
        return [{ who: text("access.user_by_email"), what: "OWNER", where: `dataset ${text("dataset_id")}` }];
      if (type === "google_sql_user")
        return [{ who: text("name"), what: "log in", where: `instance ${text("instance")}` }];
      if (type === "google_managed_kafka_acl") return aclLines(values, short);
      if (type === "aws_iam_role_policy")
        return [
          {
            who: "transfer agent, as the AWS role transfer",
            what: awsActions(values),
            where: "buckets and queues in AWS",
          },
        ];
      const where = placeOf(type, text);
      if (where === undefined) return [];
      const condition = textAt(values, "condition.expression");
      const members = textsAt(values, "members");
      return (members.length > 0 ? members : [textAt(values, "member") ?? ""]).map((member) => ({
        who: short(resolvedIdentity(member, json)),
        what: text("role"),
        where,
        ...(condition !== undefined && { only: conditionText(short(condition)) }),
      }));
    }),
  );
  const unique = new Map(lines.map((line) => [JSON.stringify(line), line]));
  return [...unique].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, line]) => line);
}

/** The custom roles in the stacks of an environment. */
export function customRolesIn(
  environment: Environment,
  stacks: ReadonlyMap<string, StackJson>,
): CustomRoleLine[] {
  const short = shortener(environment);
  return [...stacks].flatMap(([stack, json]) =>
    resourcesOf(stack, json.resource)
      .filter(({ type }) => type === "google_project_iam_custom_role")
      .map(({ values }) => ({
        name: short(textAt(values, "role_id") ?? ""),
        permissions: textsAt(values, "permissions"),
      })),
  );
}

/** The operations that each principal of a Kafka ACL has. */
function aclLines(values: Readonly<Record<string, unknown>>, short: (text: string) => string): GrantLine[] {
  const where = (textAt(values, "acl_id") ?? "").replace(
    /^consumerGroupPrefixed\/(.*)$/,
    "consumer groups $1*",
  );
  const entries = aclEntries.parse(values["acl_entries"]);
  const operations = new Map<string, string[]>();
  for (const { principal, operation } of entries)
    operations.set(principal, [...(operations.get(principal) ?? []), operation]);
  return [...operations].map(([principal, allowed]) => ({
    who: short(principal.replace(/^User:/, "")),
    what: `Kafka: ${allowed.sort().join(", ")}`,
    where: where.replace(/^(\w+)\/(.+)$/, "$1 $2"),
  }));
}

const aclEntries = z.array(z.looseObject({ principal: z.string(), operation: z.string() }));

function placeOf(type: string, text: (name: string) => string): string | undefined {
  switch (type) {
    case "google_project_iam_member":
      return "the project";
    case "google_storage_bucket_iam_member":
    case "google_storage_bucket_iam_binding":
      return `bucket ${text("bucket")}`;
    case "google_bigquery_dataset_iam_member":
      return `dataset ${text("dataset_id")}`;
    case "google_cloud_run_v2_job_iam_member":
      return `job ${text("name")}`;
    case "google_service_account_iam_member":
      return `service account ${text("service_account_id")}`;
    case "google_artifact_registry_repository_iam_member":
      return `repository ${text("repository")}`;
    default:
      // A grant of a type that this table does not know must not be missing in it.
      if (/_iam_(member|binding|policy)$/.test(type))
        throw new Error(`${type} is not in scripts/permissions/grants.ts`);
      return undefined;
  }
}

/** Identities whose e-mail address Terraform knows only later, by the name that they are created with. */
function resolvedIdentity(text: string, { resource }: StackJson): string {
  return text
    .replace(/\$\{google_service_account\.([\w-]+)\.(member|name|email)\}/g, (whole, id: string) => {
      const account = resource.google_service_account?.[id]?.account_id;
      return typeof account === "string" ? account : whole;
    })
    .replace(/^.*google_logging_project_sink\..*$/, "Cloud Logging")
    .replace(/^.*\$\{google_bigquery_connection\..*\}$/, "BigQuery connection")
    .replace(/^.*\$\{google_sql_database_instance\..*\}$/, "database instance")
    .replace(/^\$\{trimsuffix\("(.*)", "[^"]+"\)\}$/, "$1");
}

function awsActions(values: Readonly<Record<string, unknown>>): string {
  const actions = (textAt(values, "policy") ?? "").match(/"(s3|sqs|kms):\w+"/g) ?? [];
  return [...new Set(actions)]
    .map((action) => action.replaceAll('"', ""))
    .sort()
    .join(", ");
}

/** What a condition selects, in words where its form is known. */
function conditionText(expression: string): string {
  const all = (pattern: RegExp) => [...expression.matchAll(pattern)].map(([, found]) => found).join(", ");
  const objects = all(/startsWith\("projects\/_\/buckets\/[\w-]+\/objects\/([^"]+)"\)/g);
  const buckets = all(/resource\.name == "projects\/_\/buckets\/([\w-]+)"/g);
  const datasets = all(/^resource\.name\.startsWith\("projects\/[^/]+\/datasets\/(\w+)"\)$/g);
  const instances = all(/\/instances\/([\w-]+)"/g);
  const roles = /modifiedGrantsByRole.*hasOnly\(\[(.*)\]\)/.exec(expression)?.[1]?.replaceAll('"', "");
  if (objects !== "") return `objects under ${objects}`;
  if (buckets !== "") return `buckets ${buckets}`;
  if (datasets !== "") return `datasets ${datasets}*`;
  if (instances !== "") return `instance ${instances.replace(/-$/, "-*")}`;
  return roles === undefined ? expression : `roles ${roles}`;
}

/** Leaves out what is the same for all names of an environment: its prefix, the project, the domains. */
function shortener({ name, project }: Environment): (text: string) => string {
  const agent = `project-${project.number}@storage-transfer-service.iam.gserviceaccount.com`;
  const noise = [
    /^(serviceAccount|principalSet):(\/\/iam\.googleapis\.com\/)?/,
    /^projects\/[^/]+\/(locations\/global\/workloadIdentityPools|serviceAccounts|roles)\//,
    /@[\w.-]*\.iam(\.gserviceaccount\.com)?/g,
  ];
  return (text) =>
    noise
      .reduce((rest, pattern) => rest.replace(pattern, ""), text.replace(agent, "transfer agent"))
      .replaceAll(`${project.id}-${name}-`, "")
      .replace(new RegExp(`\\b${name}[-_](?=\\w)`, "g"), "")
      .replaceAll(project.number, "<project number>")
      .replaceAll(project.id, "<project>")
      .replace("group:cloud-storage-analytics@google.com", "Cloud Storage")
      .replace(/^group:/, "group ")
      .replace(/^projectOwner:.*$/, "owners of the project")
      .replace(/^github\/attribute\.repository_id\/\d+$/, "any job of the repository")
      .replace(
        /^github\/attribute\.deployment\/\d+:refs\/heads\/(.+):(.+)$/,
        "jobs of the branch $1 in the environment $2",
      );
}
