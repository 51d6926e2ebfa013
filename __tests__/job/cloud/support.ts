/** The cloud for tests of the ingest job: lake, warehouse and database as the stacks create them, in emulators. */
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { BigQuery } from "@google-cloud/bigquery";
import type { Storage } from "@google-cloud/storage";
import * as z from "zod";
import { loadCatalog } from "../../fixtures/catalog";
import { loadEnvironment } from "../../fixtures/config";
import { startEmbeddedPostgres } from "../../../embedded-postgres";
import { bundled } from "../../../scripts/bundled";
import { type StackJson, synthesized } from "../../../scripts/synthesized";
import { type BigQueryFront, startBigQueryFront } from "../../support/cloud/bigquery-front";
import { bigQueryClient, storageClient } from "../../support/cloud/clients";
import { type CloudSql, missingCloudSql, startCloudSql } from "../../support/cloud/cloud-sql";
import { missingEmulators, startEmulators } from "../../support/cloud/emulators";
import type { Front } from "../../support/cloud/front";
import { startStorageFront } from "../../support/cloud/storage-front";
import {
  newFolder,
  newHome,
  onCleanUp,
  type Outcome,
  postgres,
  project,
  type Running,
  start,
} from "../integration/support";

/** Why the emulators are not available, or undefined. */
export function missingCloud(): string | undefined {
  return missingEmulators() ?? missingCloudSql();
}

export interface Cloud {
  /** Clients without proxies, to inspect the state. */
  readonly storage: Storage;
  readonly bigquery: BigQuery;
  /** The lake's bucket and the dataset of the tables. */
  readonly bucket: string;
  readonly dataset: string;
  /** Proxies that inject faults and record requests. */
  readonly fronts: { readonly storage: Front; readonly bigquery: BigQueryFront; readonly cloudSql: CloudSql };
  /** Environment variables of the Cloud Run job. */
  readonly environment: Readonly<Record<string, string>>;
  /** Starts the Cloud Run job for a data set as the image does. */
  start(dataset: string, args: readonly string[], more?: Readonly<Record<string, string>>): Running;
  /** Runs the job to its end. */
  run(dataset: string, args: readonly string[], more?: Readonly<Record<string, string>>): Promise<Outcome>;
  /** Rows of a query on the database. */
  database(sql: string): Promise<Record<string, unknown>[]>;
  /** Rows of a query on the warehouse; `{table}` is replaced by the name of a data set's table. */
  warehouse(sql: string): Promise<unknown[]>;
  /** Paths of objects in the lake below a prefix. */
  lake(prefix?: string): Promise<string[]>;
}

/**
 * Creates what an environment's stacks create: the bucket, the tables, and the database, with the job's account as a
 * user with the privileges of docs/deploy.md. Removed after the tests of the file.
 */
export async function startCloud(environmentName: "dev" | "prod"): Promise<Cloud> {
  const environment = loadEnvironment(environmentName);
  const stacks = synthesized({ environment, catalog: loadCatalog() });
  const stack = (purpose: string) => stacks.get(`${environmentName}-${purpose}`) ?? missing(purpose);
  const jobEnvironment = environmentOf(stack("ingestion"), `${environmentName}-ingest`);
  const {
    LAKE_BUCKET: bucket,
    WAREHOUSE_DATASET: dataset,
    ...settings
  } = platformShape.parse(jobEnvironment);

  const emulators = await startEmulators();
  onCleanUp(() => emulators.stop());
  const storage = storageClient(emulators.storage, environment.project.id);
  await storage.createBucket(bucket);
  await putSpecifications(storage, stack("ingestion"));
  const bigquery = bigQueryClient(emulators.bigQuery, environment.project.id);
  await makeTables(bigquery, stack("warehouse"), dataset, settings.WAREHOUSE_LOCATION);

  const server = await startEmbeddedPostgres(join(newHome(), "postgres"));
  onCleanUp(() => server.stop());
  const { DATABASE_NAME: name, DATABASE_USER: user } = settings;
  await postgres(server.url, `CREATE DATABASE ${name}`);
  await postgres(server.url, `CREATE USER "${user}"`);
  const url = new URL(server.url);
  url.pathname = name;
  await postgres(url.href, `GRANT CREATE ON DATABASE ${name} TO "${user}"`);

  const fronts = {
    storage: await startStorageFront(emulators.storage),
    bigquery: await startBigQueryFront(emulators.bigQuery),
    cloudSql: await startCloudSql(server.url, settings.DATABASE_INSTANCE),
  };
  onCleanUp(() => Promise.all([fronts.storage.stop(), fronts.bigquery.stop(), fronts.cloudSql.stop()]));

  const program = programAlone();
  const variables = {
    ...jobEnvironment,
    CLOUD_RUN_JOB: `${environmentName}-ingest`,
    STORAGE_API_ENDPOINT: fronts.storage.url,
    BIGQUERY_API_ENDPOINT: fronts.bigquery.url,
    SQLADMIN_API_ENDPOINT: fronts.cloudSql.api.url,
  };
  const starting: Cloud["start"] = (id, args, more = {}) =>
    start(
      ["run", "--dataset", id, ...args, "--json"],
      { ...variables, ...more },
      { args: [program], cwd: newFolder() },
    );
  return {
    storage,
    bigquery,
    bucket,
    dataset,
    fronts,
    environment: variables,
    start: starting,
    run: (id, args, more) => starting(id, args, more).ended,
    database: (sql) => postgres(url.href, sql),
    warehouse: async (sql) => {
      const table = `\`${environment.project.id}.${dataset}.$1\``;
      const answer: readonly unknown[] = await bigquery.query(sql.replaceAll(/\{(\w+)\}/g, table));
      return z.array(z.unknown()).parse(answer[0]);
    },
    lake: async (prefix = "") => {
      const [files] = await storage.bucket(bucket).getFiles({ prefix });
      return files.map((file) => file.name);
    },
  };
}

/** The program as in the image: one file, next to DuckDB's native module only. */
function programAlone(): string {
  const folder = newFolder();
  const file = join(folder, "ingest.cjs");
  bundled("job/main.ts", file);
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(join(project, "node_modules/@duckdb"), join(folder, "node_modules/@duckdb"));
  return file;
}

const platformShape = z.object({
  LAKE_BUCKET: z.string(),
  WAREHOUSE_DATASET: z.string(),
  WAREHOUSE_LOCATION: z.string(),
  DATABASE_INSTANCE: z.string(),
  DATABASE_NAME: z.string(),
  DATABASE_USER: z.string(),
});

const jobShape = z.object({
  name: z.string(),
  template: z.object({
    template: z.object({
      containers: z.tuple([z.object({ env: z.array(z.object({ name: z.string(), value: z.string() })) })]),
    }),
  }),
});

/** The environment variables of a Cloud Run job. */
function environmentOf({ resource }: StackJson, name: string): Record<string, string> {
  const jobs = Object.values(resource["google_cloud_run_v2_job"] ?? {}).map((values) =>
    jobShape.parse(values),
  );
  const found = jobs.find((job) => job.name === name) ?? missing(name);
  const [{ env }] = found.template.template.containers;
  return Object.fromEntries(env.map((variable) => [variable.name, variable.value]));
}

const objectShape = z.object({ bucket: z.string(), name: z.string(), content: z.string() });

/** Makes the bucket of specifications, with the objects that the stack writes to it. */
async function putSpecifications(storage: Storage, { resource }: StackJson): Promise<void> {
  const objects = Object.values(resource["google_storage_bucket_object"] ?? {}).map((values) =>
    objectShape.parse(values),
  );
  await storage.createBucket(objects[0]?.bucket ?? missing("specification"));
  for (const { bucket, name, content } of objects) {
    // In Terraform, $${ means ${.
    await storage.bucket(bucket).file(name).save(content.replaceAll("$${", "${"));
  }
}

const datasetShape = z.object({ dataset_id: z.string() });

const tableShape = z.object({
  table_id: z.string(),
  schema: z.string().transform((text) => z.array(z.record(z.string(), z.string())).parse(JSON.parse(text))),
  time_partitioning: z.object({ type: z.string(), field: z.string() }).optional(),
  clustering: z.array(z.string()).optional(),
  external_data_configuration: z.object({}).optional(),
});

/** Creates the native tables; the emulator does not support external ones. */
async function makeTables(bigquery: BigQuery, { resource }: StackJson, dataset: string, location: string) {
  for (const values of Object.values(resource["google_bigquery_dataset"] ?? {}))
    await bigquery.createDataset(datasetShape.parse(values).dataset_id, { location });
  for (const values of Object.values(resource["google_bigquery_table"] ?? {})) {
    const table = tableShape.parse(values);
    if (table.external_data_configuration !== undefined) continue;
    await bigquery.dataset(dataset).createTable(table.table_id, {
      schema: { fields: table.schema },
      ...(table.time_partitioning && { timePartitioning: table.time_partitioning }),
      ...(table.clustering && { clustering: { fields: table.clustering } }),
    });
  }
}

function missing(what: string): never {
  throw new Error(`the platform has no ${what}`);
}
