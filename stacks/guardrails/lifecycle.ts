import type { Finding, Platform, Resource, Values } from "./platform";
import { at, blocksAt, textAt, textsAt } from "./values";

/** Nothing deletes what an external table reads: queries would silently lose rows. */
export function readDataIsKept({ resources }: Platform): Finding[] {
  const read = resources.flatMap(({ path, values }) =>
    textsAt(values, "external_data_configuration.source_uris").map((uri) => ({ table: path, uri })),
  );
  return resources.flatMap((resource) =>
    deletions(resource).flatMap(({ root, prefix, why, fix }) =>
      read
        .filter(({ uri }) => overlap(root + prefix, uri.replace(/\*.*$/, "")))
        .map(({ table, uri }) => ({
          path: resource.path,
          found: `deletes ${prefix === "" ? "all objects" : prefix} ${why}, and ${table} reads ${uri}`,
          fix,
        })),
    ),
  );
}

interface Deletion {
  /** `gs://<bucket>/` */
  readonly root: string;
  readonly prefix: string;
  readonly why: string;
  readonly fix: string;
}

function deletions({ type, values }: Resource): Deletion[] {
  switch (type) {
    case "google_storage_bucket":
      return expiredPrefixes(values).map((prefix) => ({
        root: `gs://${textAt(values, "name") ?? ""}/`,
        prefix,
        why: "by age",
        fix: "let the rule match other prefixes, or old versions only",
      }));
    case "google_storage_transfer_job":
      return at(values, "transfer_spec.transfer_options.delete_objects_unique_in_sink") === true
        ? [
            {
              root: `gs://${textAt(values, "transfer_spec.gcs_data_sink.bucket_name") ?? ""}/`,
              prefix: textAt(values, "transfer_spec.gcs_data_sink.path") ?? "",
              why: "that its source does not have",
              fix: "leave delete_objects_unique_in_sink out, or let it copy to landing/",
            },
          ]
        : [];
    default:
      return [];
  }
}

/** Prefixes whose living objects some rule deletes; the empty one is the whole bucket. */
function expiredPrefixes(bucket: Values): string[] {
  return blocksAt(bucket, "lifecycle_rule").flatMap((rule) => {
    if (at(rule, "action.type") !== "Delete" || oldVersionsOnly(rule)) return [];
    const prefixes = textsAt(rule, "condition.matches_prefix");
    return prefixes.length === 0 ? [""] : prefixes;
  });
}

/** All conditions of a rule must hold, and these do for no living object. */
function oldVersionsOnly(rule: Values): boolean {
  return (
    at(rule, "condition.with_state") === "ARCHIVED" ||
    ["num_newer_versions", "days_since_noncurrent_time", "noncurrent_time_before"].some((condition) =>
      Boolean(at(rule, `condition.${condition}`)),
    )
  );
}

function overlap(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}
