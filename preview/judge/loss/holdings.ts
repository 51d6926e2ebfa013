import { arrayOf, isObject, type JsonObject } from "../../json";
import { type Holding, holdings } from "./held-data";

/** The data of a resource; undefined if it contains only its configuration. */
export function holdingOf(type: string, values: JsonObject): Holding | undefined {
  const holding = holdings(type);
  if (holding === undefined) return undefined;
  switch (type) {
    case "google_bigquery_table":
      // External tables and views show data of other resources; a materialized view is recomputed.
      return ["external_data_configuration", "view", "materialized_view"].some((block) =>
        isSet(values, block),
      )
        ? undefined
        : holding;
    case "google_sql_database_instance":
      return values["instance_type"] === "READ_REPLICA_INSTANCE" ? undefined : holding;
    case "google_storage_bucket_object":
      // The configuration contains the content.
      return undefined;
    default:
      return holding;
  }
}

/** Whether Terraform keeps the object in the cloud when it deletes the resource. */
export function isAbandoned(values: JsonObject): boolean {
  const policy = values["deletion_policy"] ?? values["on_destroy"];
  return policy === "ABANDON" || policy === "DISABLE";
}

/** Whether an unknown type may contain data, based on its name. */
export function mayHold(type: string): boolean {
  return (
    holdings(type) === undefined &&
    !computing.test(type) &&
    /^(?:google_compute_instance|aws_instance)$|_(?:database|db|bucket|disk|volume|table|store|storage|file_?system|queue|stream|vault|snapshot|backup|share|collection|topic|ledger|repository|archive|registry|instance|cluster)$/.test(
      type,
    )
  );
}

/** Nodes of a database whose data is in its cluster, and clusters that only group services. */
const computing =
  /_cluster_instance$|^google_alloydb_instance$|^google_memorystore_endpoint|^aws_ecs_cluster$/;

function isSet(values: JsonObject, block: string): boolean {
  const value = values[block];
  return arrayOf(value).length > 0 || isObject(value);
}
