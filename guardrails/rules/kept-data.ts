import type { Finding, Rule } from "../rule";
import type { Resource, StackView, Values } from "../synthesis";
import { at, blocksAt, textAt, textsAt } from "../values";

/** Something that reads objects of a bucket. */
export interface Reader {
  /** What reads them, for the message: `the ingest job`. */
  readonly name: string;
  /** URI of the objects, where `*` stands for any characters: `gs://my-lake/manifests/*`. */
  readonly uri: string;
}

export interface KeptDataProps {
  /** What reads objects besides external tables and Terraform's state. @default - nothing */
  readonly readers?: readonly Reader[];
}

/**
 * Nothing deletes objects that are still read: those of external tables, whose queries would silently return fewer
 * rows, and Terraform's own state, without which Terraform would create everything again.
 */
export function keptData({ readers = [] }: KeptDataProps = {}): Rule {
  return ({ stacks, resources }): Finding[] => {
    const tables = resources.flatMap(({ path, values }) =>
      textsAt(values, "external_data_configuration.source_uris").map((uri) => ({ name: path, uri })),
    );
    const states = stacks.flatMap(stateOf);
    return resources.flatMap((resource) =>
      deletions(resource).flatMap((deletion) => [
        ...[...tables, ...readers]
          .filter(({ uri }) => deletes(deletion, uri))
          .map(({ name, uri }) => finding(resource, deletion, `${name} reads ${uri}`)),
        ...stateFindings(
          resource,
          deletion,
          states.filter(({ uri }) => deletes(deletion, uri)),
        ),
      ]),
    );
  };
}

function finding({ path }: Resource, { prefix, suffixes, when, fix }: Deletion, reason: string): Finding {
  const ending = suffixes.length === 0 ? "" : ` that end in ${suffixes.join(" or ")}`;
  const what = prefix === "" ? `all objects${ending}` : `objects under ${prefix}${ending}`;
  return { path, found: `deletes ${what} ${when}, but ${reason}`, fix };
}

/** One finding for all stacks: they usually keep their state in one bucket. */
function stateFindings(resource: Resource, deletion: Deletion, states: readonly Reader[]): Finding[] {
  if (states.length === 0) return [];
  const names = states.map(({ name }) => name).join(", ");
  return [finding(resource, deletion, `the state of ${names} is there`)];
}

/** The object with the state of a stack, if its backend is a bucket. */
function stateOf({ name, backends: { gcs, s3 } }: StackView): Reader[] {
  const prefix = gcs && textAt(gcs, "prefix");
  return [
    ...(gcs
      ? [{ name, uri: `gs://${textAt(gcs, "bucket") ?? ""}/${prefix ? `${prefix}/` : ""}*.tfstate` }]
      : []),
    ...(s3 ? [{ name, uri: `s3://${textAt(s3, "bucket") ?? ""}/${textAt(s3, "key") ?? ""}` }] : []),
  ];
}

/** Objects that something deletes although they are current. */
interface Deletion {
  /** `gs://<bucket>/` */
  readonly root: string;
  /** The start of their names. Empty for the whole bucket. */
  readonly prefix: string;
  /** The ends of their names, one of which they have. Empty for any. */
  readonly suffixes: readonly string[];
  readonly when: string;
  readonly fix: string;
}

function deletions({ type, values }: Resource): Deletion[] {
  switch (type) {
    case "google_storage_bucket":
      return blocksAt(values, "lifecycle_rule").flatMap((rule) =>
        expired(rule, `gs://${textAt(values, "name") ?? ""}/`),
      );
    case "aws_s3_bucket_lifecycle_configuration":
      return blocksAt(values, "rule").flatMap((rule) =>
        expiredOnS3(rule, `s3://${textAt(values, "bucket") ?? ""}/`),
      );
    case "google_storage_transfer_job":
      return transferred(values);
    default:
      return [];
  }
}

const byAge = { when: "by age", fix: "limit the rule to other prefixes or to noncurrent versions" };

function expired(rule: Values, root: string): Deletion[] {
  if (at(rule, "action.type") !== "Delete" || noncurrentOnly(rule)) return [];
  const prefixes = textsAt(rule, "condition.matches_prefix");
  const suffixes = textsAt(rule, "condition.matches_suffix");
  return (prefixes.length === 0 ? [""] : prefixes).map((prefix) => ({ root, prefix, suffixes, ...byAge }));
}

/** All conditions of a rule must be met, and these are met by no current object. */
function noncurrentOnly(rule: Values): boolean {
  return (
    at(rule, "condition.with_state") === "ARCHIVED" ||
    ["num_newer_versions", "days_since_noncurrent_time", "noncurrent_time_before"].some((condition) =>
      Boolean(at(rule, `condition.${condition}`)),
    )
  );
}

function expiredOnS3(rule: Values, root: string): Deletion[] {
  const expires = Boolean(at(rule, "expiration.days")) || Boolean(at(rule, "expiration.date"));
  if (!expires || at(rule, "status") !== "Enabled") return [];
  const prefix =
    textAt(rule, "filter.prefix") ?? textAt(rule, "filter.and.prefix") ?? textAt(rule, "prefix") ?? "";
  return [{ root, prefix, suffixes: [], ...byAge }];
}

function transferred(values: Values): Deletion[] {
  const options = "transfer_spec.transfer_options";
  const bucket = (end: string) => ({
    root: `gs://${textAt(values, `transfer_spec.${end}.bucket_name`) ?? ""}/`,
    prefix: textAt(values, `transfer_spec.${end}.path`) ?? "",
    suffixes: [],
  });
  return [
    ...(at(values, `${options}.delete_objects_unique_in_sink`) === true
      ? [
          {
            ...bucket("gcs_data_sink"),
            when: "that are not in its source",
            fix: "remove delete_objects_unique_in_sink, or copy to a prefix that nothing reads",
          },
        ]
      : []),
    ...(at(values, `${options}.delete_objects_from_source_after_transfer`) === true
      ? [
          {
            ...bucket("gcs_data_source"),
            when: "after the transfer",
            fix: "remove delete_objects_from_source_after_transfer",
          },
        ]
      : []),
  ];
}

/** Whether some object can match both the deletion and the URI. */
function deletes({ root, prefix, suffixes }: Deletion, uri: string): boolean {
  const start = uri.replace(/\*.*$/s, "");
  const end = uri.includes("*") ? uri.replace(/^.*\*/s, "") : uri;
  return (
    overlap(root + prefix, start, (one, other) => one.startsWith(other)) &&
    (suffixes.length === 0 ||
      suffixes.some((suffix) => overlap(suffix, end, (one, other) => one.endsWith(other))))
  );
}

function overlap(one: string, other: string, holds: (one: string, other: string) => boolean): boolean {
  return holds(one, other) || holds(other, one);
}
