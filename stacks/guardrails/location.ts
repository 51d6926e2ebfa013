import type { Finding, Platform, Resource, Values } from "./platform";
import { everyText, textAt, textsAt } from "./values";

/** What a resource says where it is by. */
const attributes = ["location", "region", "zone"];

/** Types that are in the US when they do not say where they are. */
const american = [
  "google_bigquery_connection",
  "google_bigquery_data_transfer_config",
  "google_bigquery_dataset",
  "google_bigquery_job",
];

/** Everything is in the environment's region: BigQuery refuses to load from a bucket anywhere else. */
export function oneLocation({ environment, resources }: Platform): Finding[] {
  const { region } = environment;
  const elsewhere = resources
    .filter(({ type }) => type.startsWith("google_"))
    .flatMap((resource) =>
      locationsOf(resource)
        .filter((location) => !isIn(region, location.toLowerCase()))
        .map((location) => ({
          path: resource.path,
          found: `is in ${location}, the environment in ${region}`,
          fix: "give it the environment's region: BigQuery refuses to load from a bucket anywhere else",
        })),
    );
  return [...elsewhere, ...foreignKeys(region, resources), ...foreignBuckets(resources)];
}

function locationsOf({ type, values }: Resource): string[] {
  const said = attributes.flatMap((attribute) => textAt(values, attribute) ?? []);
  return said.length === 0 && american.includes(type) ? ["the US, which is the default"] : said;
}

/** What Terraform fills in later is not judged. */
function isIn(region: string, location: string): boolean {
  return (
    [region, "global"].includes(location) || location.startsWith(`${region}-`) || location.includes("${")
  );
}

/** Services refuse keys of Cloud KMS from elsewhere. */
function foreignKeys(region: string, resources: readonly Resource[]): Finding[] {
  return resources.flatMap(({ path, values }) => {
    const locations = everyText(values).flatMap(
      ({ text }) => /^projects\/[^/]+\/locations\/([^/]+)\/keyRings\//.exec(text)?.[1] ?? [],
    );
    return [...new Set(locations)]
      .filter((location) => location.toLowerCase() !== region)
      .map((location) => ({
        path,
        found: `takes a key from ${location}, the environment is in ${region}`,
        fix: "give it a key of the environment's region: services refuse others",
      }));
  });
}

/** Transfers and external tables use buckets of the platform, whose location is known. */
function foreignBuckets(resources: readonly Resource[]): Finding[] {
  const own = resources.flatMap(({ type, values }) =>
    type === "google_storage_bucket" ? (textAt(values, "name") ?? []) : [],
  );
  return resources.flatMap(({ path, values }) =>
    usedBuckets(values)
      .filter((bucket) => !own.includes(bucket))
      .map((bucket) => ({
        path,
        found: `uses the bucket ${bucket}, which no stack makes`,
        fix: "use one that a stack makes, whose location is that of datasets and jobs",
      })),
  );
}

function usedBuckets(values: Values): string[] {
  return [
    ...textsAt(values, "transfer_spec.gcs_data_sink.bucket_name"),
    ...textsAt(values, "external_data_configuration.source_uris").map((uri) => uri.split("/")[2] ?? uri),
  ];
}
