import type { Finding, Rule } from "../rule";
import type { Resource, Values } from "../synthesis";
import { everyText, textAt, textsAt } from "../values";

export interface OneLocationProps {
  /** Region or multi-region of Google Cloud: `europe-west6`. Global resources are accepted in any case. */
  readonly location: string;
  /** Buckets that the stacks use but do not create, and that are in the location. @default - none */
  readonly otherBuckets?: readonly string[];
}

/** Every Google Cloud resource is in one location: BigQuery cannot load from a bucket in another one. */
export function oneLocation({ location, otherBuckets = [] }: OneLocationProps): Rule {
  return ({ resources }): Finding[] => [
    ...elsewhere(location, resources),
    ...foreignKeys(location, resources),
    ...foreignBuckets(otherBuckets, resources),
  ];
}

/** The arguments that contain a location. */
const attributes = ["location", "region", "zone"];

/** Types that are in the multi-region US unless they have a location. */
const inTheUs = [
  "google_bigquery_connection",
  "google_bigquery_data_transfer_config",
  "google_bigquery_dataset",
  "google_bigquery_job",
];

function elsewhere(wanted: string, resources: readonly Resource[]): Finding[] {
  return resources
    .filter(({ type }) => type.startsWith("google_"))
    .flatMap((resource) =>
      locationsOf(resource)
        .filter(({ location }) => !isIn(wanted.toLowerCase(), location.toLowerCase()))
        .map(({ location, reason }) => ({
          path: resource.path,
          found: `is in ${location}${reason}, not in ${wanted}`,
          fix: `create it in ${wanted}: BigQuery cannot load from a bucket in another location`,
        })),
    );
}

function locationsOf({ type, values }: Resource): { readonly location: string; readonly reason: string }[] {
  const set = attributes.flatMap((attribute) => textAt(values, attribute) ?? []);
  if (set.length === 0 && inTheUs.includes(type)) return [{ location: "US", reason: " (the default)" }];
  return set.map((location) => ({ location, reason: "" }));
}

/** A value that Terraform computes is not checked. */
function isIn(wanted: string, location: string): boolean {
  return (
    [wanted, "global"].includes(location) || location.startsWith(`${wanted}-`) || location.includes("${")
  );
}

/** Services do not accept a Cloud KMS key from another location. */
function foreignKeys(wanted: string, resources: readonly Resource[]): Finding[] {
  return resources.flatMap(({ path, values }) => {
    const locations = everyText(values).flatMap(
      ({ text }) => /^projects\/[^/]+\/locations\/([^/]+)\/keyRings\//.exec(text)?.[1] ?? [],
    );
    return [...new Set(locations)]
      .filter((location) => location.toLowerCase() !== wanted.toLowerCase())
      .map((location) => ({
        path,
        found: `uses a key in ${location}, not in ${wanted}`,
        fix: `use a key in ${wanted}: services do not accept keys from another location`,
      }));
  });
}

/** Transfers and external tables use buckets whose location is known. */
function foreignBuckets(others: readonly string[], resources: readonly Resource[]): Finding[] {
  const created = resources.flatMap(({ type, values }) =>
    type === "google_storage_bucket" ? (textAt(values, "name") ?? []) : [],
  );
  return resources.flatMap(({ path, values }) =>
    usedBuckets(values)
      .filter((bucket) => ![...created, ...others].includes(bucket))
      .map((bucket) => ({
        path,
        found: `uses the bucket ${bucket}, which none of the stacks creates`,
        fix: "use a bucket of these stacks, whose location is known",
      })),
  );
}

function usedBuckets(values: Values): string[] {
  return [
    ...textsAt(values, "transfer_spec.gcs_data_sink.bucket_name"),
    ...textsAt(values, "external_data_configuration.source_uris").map((uri) => uri.split("/")[2] ?? uri),
  ];
}
