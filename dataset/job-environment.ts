import * as z from "zod/mini";
import { ConfigurationError } from "../errors/faults";
import type { DatasetSpec } from "./dataset";
import { specFromJson, specToJson } from "./json";

/** What the ingest job reads from its environment variables; the ingestion stack sets them. */
export interface JobEnvironment {
  /** @default - the catalog beside the program */
  readonly spec?: DatasetSpec;
  /** Address of the source, with the placeholders of a period. @default - the specification's own */
  readonly source?: string;
  /** @default - folders of this machine */
  readonly cloud?: CloudSettings;
  /** @default - Google's public addresses */
  readonly endpoints?: ApiEndpoints;
}

/** Addresses of Google's APIs: a private endpoint, or an emulator, which is one by http and is sent no credentials. */
export interface ApiEndpoints {
  readonly storage?: string;
  readonly bigquery?: string;
  readonly sqlAdmin?: string;
}

/** Where a run in the cloud puts what it ingests. */
export interface CloudSettings {
  /** Name of the lake's bucket. */
  readonly bucket: string;
  readonly warehouse: WarehouseSettings;
  /** @default - data sets end in the warehouse */
  readonly database?: CloudSqlSettings;
}

/** The BigQuery dataset that holds a table for each data set. */
export interface WarehouseSettings {
  readonly project: string;
  readonly dataset: string;
  /** Region of dataset and bucket. */
  readonly location: string;
}

/** A database of a Cloud SQL instance, and the user to log in as: by IAM, without a password. */
export interface CloudSqlSettings {
  /** `project:region:instance` */
  readonly instance: string;
  readonly name: string;
  /** The service account without `.gserviceaccount.com`. */
  readonly user: string;
}

/** Environment variables by name. An empty one counts as not set. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The variables, as `--help` prints them. Those of one group are set together or not at all. */
export const jobVariables = {
  spec: { DATASET_SPEC: "the data set's specification, as JSON" },
  source: { SOURCE_URL: "URL or path to read instead of the specification's" },
  cloud: {
    LAKE_BUCKET: "the lake's bucket",
    WAREHOUSE_PROJECT: "project of the BigQuery dataset",
    WAREHOUSE_DATASET: "the dataset, which holds a table for each data set",
    WAREHOUSE_LOCATION: "region of dataset and bucket",
  },
  database: {
    DATABASE_INSTANCE: "a Cloud SQL instance, project:region:instance (optional)",
    DATABASE_NAME: "the database in it",
    DATABASE_USER: "the IAM user to log in as",
  },
  endpoints: {
    STORAGE_API_ENDPOINT: "private address of Cloud Storage (optional)",
    BIGQUERY_API_ENDPOINT: "private address of BigQuery (optional)",
    SQLADMIN_API_ENDPOINT: "private address of Cloud SQL's API (optional)",
  },
} as const;

/** Longest value of an environment variable of Cloud Run, in bytes. https://cloud.google.com/run/quotas */
const longestVariable = 32 << 10;

/**
 * The variables that say so; `jobEnvironmentFrom` reads them.
 *
 * @throws ConfigurationError when one is longer than Cloud Run takes: a specification of very many columns
 */
export function jobEnvironmentVariables(environment: JobEnvironment): Record<string, string> {
  const variables = variablesOf(environment);
  const faults = Object.entries(variables).flatMap(([name, value]) => {
    const bytes = Buffer.byteLength(value);
    return bytes <= longestVariable
      ? []
      : [
          `${name}: has ${bytes} bytes, an environment variable of Cloud Run at most ${longestVariable}; ` +
            "shorten the columns' descriptions, or split the data set",
        ];
  });
  if (faults.length > 0) {
    throw new ConfigurationError(`the ingest job of data set ${environment.spec?.id ?? "(none)"}`, faults);
  }
  return variables;
}

function variablesOf(environment: JobEnvironment): Record<string, string> {
  const { spec, source, cloud, endpoints } = environment;
  return {
    ...(spec && { DATASET_SPEC: specToJson(spec) }),
    ...(cloud && {
      LAKE_BUCKET: cloud.bucket,
      WAREHOUSE_PROJECT: cloud.warehouse.project,
      WAREHOUSE_DATASET: cloud.warehouse.dataset,
      WAREHOUSE_LOCATION: cloud.warehouse.location,
    }),
    ...(source !== undefined && { SOURCE_URL: source }),
    ...(cloud?.database && {
      DATABASE_INSTANCE: cloud.database.instance,
      DATABASE_NAME: cloud.database.name,
      DATABASE_USER: cloud.database.user,
    }),
    ...(endpoints?.storage && { STORAGE_API_ENDPOINT: endpoints.storage }),
    ...(endpoints?.bigquery && { BIGQUERY_API_ENDPOINT: endpoints.bigquery }),
    ...(endpoints?.sqlAdmin && { SQLADMIN_API_ENDPOINT: endpoints.sqlAdmin }),
  };
}

/**
 * Reads what `jobEnvironmentVariables` wrote.
 *
 * @throws ConfigurationError when some variables of a group are set and others are not, or the specification is wrong
 */
export function jobEnvironmentFrom(variables: Variables): JobEnvironment {
  const json = variables["DATASET_SPEC"];
  const source = variables["SOURCE_URL"];
  const cloud = cloudSettings(variables);
  const endpoints = apiEndpoints(variables);
  return {
    ...(json && { spec: specFromJson(json) }),
    ...(source && { source }),
    ...(cloud && { cloud }),
    ...(Object.keys(endpoints).length > 0 && { endpoints }),
  };
}

/** The lake's bucket, for what only reads the lake: nothing else needs to be set then. */
export function lakeBucketFrom(variables: Variables): string | undefined {
  return variables["LAKE_BUCKET"] || undefined;
}

/** Addresses of Google's APIs, where they are not the public ones. */
export function apiEndpoints(variables: Variables): ApiEndpoints {
  const [storage, bigquery, sqlAdmin] = [
    variables["STORAGE_API_ENDPOINT"],
    variables["BIGQUERY_API_ENDPOINT"],
    variables["SQLADMIN_API_ENDPOINT"],
  ];
  return { ...(storage && { storage }), ...(bigquery && { bigquery }), ...(sqlAdmin && { sqlAdmin }) };
}

const text = z.string();
const places = z.object({
  LAKE_BUCKET: text,
  WAREHOUSE_PROJECT: text,
  WAREHOUSE_DATASET: text,
  WAREHOUSE_LOCATION: text,
});
const instance = z.object({ DATABASE_INSTANCE: text, DATABASE_NAME: text, DATABASE_USER: text });

function cloudSettings(variables: Variables): CloudSettings | undefined {
  const found = allOrNone(variables, places);
  const database = allOrNone(variables, instance);
  if (found === undefined) {
    if (database === undefined) return undefined;
    throw new ConfigurationError("the job's environment", [
      `DATABASE_INSTANCE: is set but LAKE_BUCKET is not; set ${Object.keys(places.shape).join(", ")} too`,
    ]);
  }
  return {
    bucket: found.LAKE_BUCKET,
    warehouse: {
      project: found.WAREHOUSE_PROJECT,
      dataset: found.WAREHOUSE_DATASET,
      location: found.WAREHOUSE_LOCATION,
    },
    ...(database && {
      database: {
        instance: database.DATABASE_INSTANCE,
        name: database.DATABASE_NAME,
        user: database.DATABASE_USER,
      },
    }),
  };
}

/** Variables that belong together; undefined when none of them is set. */
function allOrNone<Values>(
  variables: Variables,
  shape: z.ZodMiniObject & z.ZodMiniType<Values>,
): Values | undefined {
  const names = Object.keys(shape.shape);
  const missing = names.filter((name) => !variables[name]);
  if (missing.length === names.length) return undefined;
  if (missing.length === 0) return shape.parse(variables);
  const found = names.filter((name) => !missing.includes(name));
  throw new ConfigurationError(
    "the job's environment",
    missing.map(
      (name) => `${name}: is not set but ${found.join(", ")} is; set all, or none to work on folders`,
    ),
  );
}
