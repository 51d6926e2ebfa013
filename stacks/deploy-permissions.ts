import type { LimitedPermissions } from "../constructs/ci-identity";
import type { Environment } from "../config";
import type { Names } from "./naming";

/**
 * The permissions with which GitHub plans and deploys all stacks but the foundation. They do not include reading data,
 * keys or passwords, creating service accounts, or saying who acts as them: the foundation does that. Permissions to
 * grant roles on the project are granted separately, with a condition.
 */
export interface CiPermissions {
  /** Of the deploy account, on the whole project. */
  readonly deploy: readonly string[];
  /** Of the deploy account, on the buckets and the datasets of these stacks: not on Terraform's state. */
  readonly limited: readonly LimitedPermissions[];
  /** Of the plan account: what the deploy account reads. */
  readonly plan: readonly string[];
}

/** @param environment if it protects data, deleting what holds data is left to the owner of the project */
export function ciPermissions(
  {
    project,
    protectData,
    orchestrator,
    streaming,
  }: Pick<Environment, "orchestrator" | "project" | "protectData" | "streaming">,
  names: Names,
): CiPermissions {
  const allowed = (permissions: Permissions) => [
    ...permissions.always,
    ...(protectData ? [] : permissions.unlessProtected),
  ];
  const deploy = [
    ...allowed(onProject),
    ...(orchestrator === "composer" ? onComposer : []),
    ...(streaming ? allowed(onKafka) : []),
  ];
  const limited = [
    {
      name: "storage",
      permissions: allowed(onBuckets),
      condition: {
        title: "only-the-buckets-of-these-stacks",
        expression: names
          .deployedBuckets({ orchestrator })
          .map((bucket) => `projects/_/buckets/${bucket}`)
          .map((bucket) => `resource.name == "${bucket}" || resource.name.startsWith("${bucket}/")`)
          .join(" || "),
      },
    },
    {
      name: "bigquery",
      permissions: allowed(onDatasets),
      condition: {
        title: "only-the-datasets-of-this-environment",
        expression: names
          .datasetPrefixes()
          .map((dataset) => `resource.name.startsWith("projects/${project.id}/datasets/${dataset}")`)
          .join(" || "),
      },
    },
  ];
  const all = [...deploy, ...limited.flatMap(({ permissions }) => permissions)];
  return { deploy, limited, plan: [...all.filter(reads), "resourcemanager.projects.getIamPolicy"].sort() };
}

/** Metadata and IAM policies. The names of objects are not needed for a plan. */
function reads(permission: string): boolean {
  return (
    /\.(get|getIamPolicy|list)$/.test(permission) && !/^storage\.(objects|anywhereCaches)\./.test(permission)
  );
}

interface Permissions {
  readonly always: readonly string[];
  /** Those that delete what holds data, or what a database cannot do without. */
  readonly unlessProtected: readonly string[];
}

const onProject: Permissions = {
  always: [
    ...on("storage.buckets", "create", "list"),
    ...on("bigquery.datasets", "create"),
    // `delegate` lets a table use the connection.
    ...on("bigquery.connections", "create", "delegate", "delete", "get", "list", "update"),
    ...on("run.jobs", "create", "delete", "get", "getIamPolicy", "list", "setIamPolicy", "update"),
    ...on("run.operations", "get", "list"),
    ...on("artifactregistry.repositories", "downloadArtifacts", "get"),
    ...on("iam.serviceAccounts", "get", "getIamPolicy"),
    ...on("workflows.workflows", "create", "delete", "get", "list", "update"),
    ...on("workflows.operations", "get", "list"),
    ...on("cloudscheduler.jobs", "create", "delete", "enable", "get", "list", "pause", "update"),
    ...on("monitoring.alertPolicies", "create", "delete", "get", "list", "update"),
    ...on("monitoring.notificationChannels", "create", "delete", "get", "list", "update"),
    ...on("cloudsql.instances", "create", "get", "list", "restart", "update"),
    ...on("cloudsql.databases", "create", "get", "list", "update"),
    ...on("cloudsql.users", "create", "get", "list", "update"),
    ...on("compute.networks", "addPeering", "create", "get", "list", "updatePeering"),
    ...on("compute.networks", "listPeeringRoutes", "updatePolicy", "use"),
    ...on("compute.subnetworks", "create", "get", "list", "setPrivateIpGoogleAccess", "update", "use"),
    ...on("compute.globalAddresses", "createInternal", "get", "list", "setLabels", "use"),
    ...on("compute.firewalls", "create", "delete", "get", "list", "update"),
    ...on("compute.routes", "list"),
    ...on("compute.globalOperations", "get"),
    ...on("compute.regionOperations", "get"),
    ...on("servicenetworking.services", "addPeering", "get"),
    ...on("servicenetworking.operations", "get"),
    ...on("storagetransfer.jobs", "create", "delete", "get", "list", "update"),
    ...on("storagetransfer.projects", "getServiceAccount"),
    ...on("datacatalog.taxonomies", "get"),
    ...on("resourcemanager.projects", "get"),
  ],
  unlessProtected: [
    ...on("cloudsql.instances", "delete"),
    ...on("cloudsql.databases", "delete"),
    ...on("cloudsql.users", "delete"),
    ...on("compute.networks", "delete", "removePeering"),
    ...on("compute.subnetworks", "delete"),
    ...on("compute.globalAddresses", "deleteInternal"),
    ...on("servicenetworking.services", "deleteConnection"),
  ],
};

/** Only where there is a cluster. */
const onKafka: Permissions = {
  always: [
    ...on("managedkafka.clusters", "create", "get", "list", "update"),
    ...on("managedkafka.topics", "create", "get", "list", "update"),
    ...on("managedkafka.acls", "create", "delete", "get", "list", "update"),
    ...on("managedkafka.operations", "get", "list"),
  ],
  unlessProtected: [...on("managedkafka.clusters", "delete"), ...on("managedkafka.topics", "delete")],
};

/** An environment can be created again: its DAGs are in the project, and its bucket is a resource of its own. */
const onComposer = [
  ...on("composer.environments", "create", "delete", "get", "list", "update"),
  ...on("composer.operations", "get", "list"),
];

const onBuckets: Permissions = {
  always: on("storage.buckets", "get", "getIamPolicy", "setIamPolicy", "update"),
  unlessProtected: [
    ...on("storage.buckets", "delete"),
    // The provider lists the caches of a bucket before it empties the bucket, and fails without this permission.
    ...on("storage.anywhereCaches", "list"),
    ...on("storage.objects", "delete", "list"),
  ],
};

const onDatasets: Permissions = {
  always: [
    ...on("bigquery.datasets", "get", "getIamPolicy", "setIamPolicy", "update"),
    // `setCategory` sets the policy tags of columns.
    ...on("bigquery.tables", "create", "get", "list", "setCategory", "update"),
    // Row access policies are the owner's to change: BigQuery requires reading the table for it.
    ...on("bigquery.rowAccessPolicies", "get", "getIamPolicy", "list"),
  ],
  unlessProtected: [...on("bigquery.datasets", "delete"), ...on("bigquery.tables", "delete")],
};

function on(resource: string, ...verbs: string[]): string[] {
  return verbs.map((verb) => `${resource}.${verb}`);
}
