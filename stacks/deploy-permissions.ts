/**
 * The permissions required to create, change and remove a data platform. They do not include reading data, keys or
 * passwords. Permissions to grant roles on the project are granted separately, with a condition.
 */
export const deployPermissions: readonly string[] = [
  ...on("storage.buckets", "create", "delete", "get", "getIamPolicy", "list", "setIamPolicy", "update"),
  // The provider lists the caches of a bucket before it empties the bucket, and fails without this permission.
  ...on("storage.anywhereCaches", "list"),
  ...on("storage.objects", "delete", "list"),
  ...on("bigquery.datasets", "create", "delete", "get", "getIamPolicy", "setIamPolicy", "update"),
  ...on("bigquery.tables", "create", "delete", "get", "list", "update"),
  // `delegate` lets a table use the connection.
  ...on("bigquery.connections", "create", "delegate", "delete", "get", "list", "update"),
  ...on("run.jobs", "create", "delete", "get", "getIamPolicy", "list", "setIamPolicy", "update"),
  ...on("run.operations", "get", "list"),
  ...on("artifactregistry.repositories", "downloadArtifacts", "get", "getIamPolicy", "list", "setIamPolicy"),
  ...on("iam.serviceAccounts", "create", "delete", "get", "getIamPolicy", "list", "setIamPolicy", "update"),
  ...on("workflows.workflows", "create", "delete", "get", "list", "update"),
  ...on("workflows.operations", "get", "list"),
  ...on("cloudscheduler.jobs", "create", "delete", "enable", "get", "list", "pause", "update"),
  ...on("monitoring.alertPolicies", "create", "delete", "get", "list", "update"),
  ...on("monitoring.notificationChannels", "create", "delete", "get", "list", "update"),
  ...on("cloudsql.instances", "create", "delete", "get", "list", "restart", "update"),
  ...on("cloudsql.databases", "create", "delete", "get", "list", "update"),
  ...on("cloudsql.users", "create", "delete", "get", "list", "update"),
  ...on(
    "compute.networks",
    "addPeering",
    "create",
    "delete",
    "get",
    "list",
    "removePeering",
    "updatePeering",
  ),
  ...on("compute.networks", "listPeeringRoutes", "updatePolicy", "use"),
  ...on(
    "compute.subnetworks",
    "create",
    "delete",
    "get",
    "list",
    "setPrivateIpGoogleAccess",
    "update",
    "use",
  ),
  ...on("compute.globalAddresses", "createInternal", "deleteInternal", "get", "list", "setLabels", "use"),
  ...on("compute.firewalls", "create", "delete", "get", "list", "update"),
  ...on("compute.routes", "list"),
  ...on("compute.globalOperations", "get"),
  ...on("compute.regionOperations", "get"),
  ...on("servicenetworking.services", "addPeering", "deleteConnection", "get"),
  ...on("servicenetworking.operations", "get"),
  ...on("storagetransfer.jobs", "create", "delete", "get", "list", "update"),
  ...on("storagetransfer.projects", "getServiceAccount"),
  ...on("resourcemanager.projects", "get"),
];

function on(resource: string, ...verbs: string[]): string[] {
  return verbs.map((verb) => `${resource}.${verb}`);
}
