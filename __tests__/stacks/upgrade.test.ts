import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { loadCatalog } from "../fixtures/catalog";
import { environments } from "../fixtures/config";
import { synthesized } from "../../scripts/synthesized";

/**
 * The resources of 0.1.0, in which each data set had a job and workflows of its own: by stack and address, and of those
 * that have data what identifies them in the cloud.
 */
const before = z
  .record(z.string(), z.record(z.string(), z.record(z.string(), z.string())))
  .parse(JSON.parse(readFileSync(join(__dirname, "../fixtures/addresses-0.1.0.json"), "utf8")));

/** Types of which a resource has data, keys, or state: deleting or replacing it would lose something. */
const holding = [
  "google_artifact_registry_repository",
  "google_bigquery_dataset",
  "google_bigquery_table",
  "google_compute_disk",
  "google_kms_crypto_key",
  "google_secret_manager_secret",
  "google_service_account",
  "google_sql_database",
  "google_sql_database_instance",
  "google_sql_user",
  "google_storage_bucket",
  "aws_sqs_queue",
];
const isHolding = (address: string) => holding.includes(address.split(".")[0] ?? "");

const stacks = new Map(
  environments.flatMap((environment) => [...synthesized({ environment, catalog: loadCatalog() })]),
);
const addressesOf = (stack: string) =>
  Object.entries(stacks.get(stack)?.resource ?? {}).flatMap(([type, byId]) =>
    Object.keys(byId).map((id) => `${type}.${id}`),
  );

test.each(Object.keys(before))(
  "what has data in %s keeps its address: no plan deletes or replaces it",
  (stack) => {
    const kept = Object.keys(before[stack] ?? {}).filter(isHolding);
    expect(addressesOf(stack)).toEqual(expect.arrayContaining(kept));
  },
);

test("an upgrade deletes the jobs and workflows of each data set, their schedules, grants that are now smaller, and nothing else", () => {
  const deleted = Object.entries(before).flatMap(([stack, byAddress]) => {
    const now = addressesOf(stack);
    return Object.keys(byAddress)
      .filter((address) => !now.includes(address))
      .map((address) => address.split(".")[0]);
  });
  expect([...new Set(deleted)].sort()).toEqual([
    "google_bigquery_dataset_iam_member",
    "google_cloud_run_v2_job",
    "google_cloud_run_v2_job_iam_member",
    "google_cloud_scheduler_job",
    "google_project_iam_member",
    "google_storage_bucket_iam_member",
    "google_workflows_workflow",
  ]);
});

test("the bucket that dbt's artifacts had for a while is neither deleted nor changed, but forgotten", () => {
  const removed = z.looseObject({
    removed: z.array(z.object({ from: z.string(), lifecycle: z.object({ destroy: z.boolean() }) })),
  });
  for (const { name } of environments) {
    const forgotten = removed.parse(stacks.get(`${name}-lake`)).removed.map(({ from, lifecycle }) => {
      expect(lifecycle).toEqual({ destroy: false });
      return from;
    });
    expect(forgotten).toContain("google_storage_bucket.transforms_7A3B1DB3");
    // Without these, the owners of the project could no longer delete it.
    expect(forgotten.filter((address) => /iam_binding\.transforms_/.test(address))).toHaveLength(4);
    expect(addressesOf(`${name}-lake`)).toEqual(expect.not.arrayContaining(forgotten));
  }
});

test.each(Object.keys(before))("what has data in %s keeps its name and its location", (stack) => {
  for (const [address, identity] of Object.entries(before[stack] ?? {}).filter(([key]) => isHolding(key))) {
    const [type = "", id = ""] = address.split(".");
    expect({ address, ...stacks.get(stack)?.resource[type]?.[id] }).toMatchObject({ address, ...identity });
  }
});
