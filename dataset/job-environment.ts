import * as z from "zod/mini";
import { ConfigurationError } from "../errors/faults";
import type { DatasetSpec } from "./dataset";
import { type TaskPlace, taskVariables } from "./job-arguments";
import { specFromJson, specToJson } from "./json";

/** Configuration that the ingest job reads from environment variables. The ingestion stack sets them. */
export interface JobEnvironment {
  /** Where the specifications are: `gs://<bucket>`, or a folder. @default - the catalog next to the program */
  readonly specifications?: string;
  /** The only data set there is, whatever the specifications. Jobs of an earlier version are deployed with it. */
  readonly spec?: DatasetSpec;
  /** Memory of a task in GiB, in which its files count. @default - files are on a disk */
  readonly taskMemoryGib?: number;
  /** URL of the source, with the placeholders of a period. @default - the URL in the specification */
  readonly source?: string;
  /** @default - local folders */
  readonly cloud?: CloudSettings;
  /** @default - Google's public endpoints */
  readonly endpoints?: ApiEndpoints;
}

/** Endpoints of Google's APIs: private endpoints, or emulators. An http endpoint is an emulator: it gets no credentials. */
export interface ApiEndpoints {
  readonly storage?: string;
  readonly bigquery?: string;
  readonly sqlAdmin?: string;
}

/** Destinations of a run in the cloud. */
export interface CloudSettings {
  /** Name of the lake's bucket. */
  readonly bucket: string;
  readonly warehouse: WarehouseSettings;
  /** @default - no database: data sets are loaded into the warehouse only */
  readonly database?: CloudSqlSettings;
}

/** The BigQuery dataset that contains one table per data set. */
export interface WarehouseSettings {
  readonly project: string;
  readonly dataset: string;
  /** Dataset of tables that the job creates and that expire. @default - `dataset` */
  readonly temporary?: string;
  /** Region of the dataset and the bucket. */
  readonly location: string;
}

/** A database of a Cloud SQL instance, and the user to log in as with IAM authentication. */
export interface CloudSqlSettings {
  /** `project:region:instance` */
  readonly instance: string;
  readonly name: string;
  /** Email of the service account without `.gserviceaccount.com`. */
  readonly user: string;
}

/** Environment variables by name. An empty variable is treated as not set. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The variables, as shown by `--help`. Set all variables of a group or none of them. */
export const jobVariables = {
  specifications: { SPECIFICATIONS: "gs://<bucket> or folder with a specification <id>.json per data set" },
  spec: { DATASET_SPEC: "specification of one data set as JSON; overrides SPECIFICATIONS (optional)" },
  task: { TASK_MEMORY_GIB: "memory of the task, in which its files count (optional)" },
  source: { SOURCE_URL: "URL or path of the source; overrides the specification" },
  cloud: {
    LAKE_BUCKET: "bucket of the lake",
    WAREHOUSE_PROJECT: "project of the BigQuery dataset",
    WAREHOUSE_DATASET: "BigQuery dataset with one table per data set",
    WAREHOUSE_LOCATION: "region of the dataset and the bucket",
  },
  temporary: { WAREHOUSE_TEMPORARY_DATASET: "BigQuery dataset of tables that expire (optional)" },
  database: {
    DATABASE_INSTANCE: "Cloud SQL instance, project:region:instance (optional)",
    DATABASE_NAME: "database in the instance",
    DATABASE_USER: "IAM user to log in as",
  },
  endpoints: {
    STORAGE_API_ENDPOINT: "private endpoint of the Cloud Storage API (optional)",
    BIGQUERY_API_ENDPOINT: "private endpoint of the BigQuery API (optional)",
    SQLADMIN_API_ENDPOINT: "private endpoint of the Cloud SQL Admin API (optional)",
  },
} as const;

/** The configuration as environment variables. `jobEnvironmentFrom` reads them. */
export function jobEnvironmentVariables(environment: JobEnvironment): Record<string, string> {
  const { specifications, spec, taskMemoryGib, source, cloud, endpoints } = environment;
  return {
    ...(specifications !== undefined && { SPECIFICATIONS: specifications }),
    ...(spec !== undefined && { DATASET_SPEC: specToJson(spec) }),
    ...(taskMemoryGib !== undefined && { TASK_MEMORY_GIB: String(taskMemoryGib) }),
    ...(cloud && {
      LAKE_BUCKET: cloud.bucket,
      WAREHOUSE_PROJECT: cloud.warehouse.project,
      WAREHOUSE_DATASET: cloud.warehouse.dataset,
      WAREHOUSE_LOCATION: cloud.warehouse.location,
      ...(cloud.warehouse.temporary && { WAREHOUSE_TEMPORARY_DATASET: cloud.warehouse.temporary }),
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
 * Reads the output of `jobEnvironmentVariables`.
 *
 * @throws ConfigurationError when some variables of a group are set and others are not, or the specification is not valid
 */
export function jobEnvironmentFrom(variables: Variables): JobEnvironment {
  const specifications = variables["SPECIFICATIONS"];
  const json = variables["DATASET_SPEC"];
  const taskMemoryGib = Number(variables["TASK_MEMORY_GIB"] || 0);
  const source = variables["SOURCE_URL"];
  const cloud = cloudSettings(variables);
  const endpoints = apiEndpoints(variables);
  return {
    ...(specifications && { specifications }),
    ...(json && { spec: specFromJson(json) }),
    ...(taskMemoryGib > 0 && { taskMemoryGib }),
    ...(source && { source }),
    ...(cloud && { cloud }),
    ...(Object.keys(endpoints).length > 0 && { endpoints }),
  };
}

/** Bucket of the lake, for commands that only read the lake and require no other variable. */
export function lakeBucketFrom(variables: Variables): string | undefined {
  return variables["LAKE_BUCKET"] || undefined;
}

/**
 * Which of several tasks of a Cloud Run execution this process is; undefined if it is the only one.
 *
 * @throws ConfigurationError when the variables are not numbers
 */
export function taskPlaceFrom(variables: Variables): TaskPlace | undefined {
  const [index, count] = [
    Number(variables[taskVariables.index] || 0),
    Number(variables[taskVariables.count] || 1),
  ];
  if (!Number.isInteger(count) || !Number.isInteger(index) || index < 0 || index >= count) {
    throw new ConfigurationError("the job's environment", [
      `${taskVariables.index}: "${variables[taskVariables.index] ?? ""}" of ${taskVariables.count} ` +
        `"${variables[taskVariables.count] ?? ""}" is not a task of an execution; unset both outside of Cloud Run`,
    ]);
  }
  return count === 1 ? undefined : { index, count, execution: variables[taskVariables.execution] ?? "" };
}

/** Endpoints of Google's APIs that differ from the public ones. */
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
  const temporary = variables["WAREHOUSE_TEMPORARY_DATASET"];
  if (found === undefined) {
    if (database === undefined) return undefined;
    throw new ConfigurationError("the job's environment", [
      `DATABASE_INSTANCE: is set, but LAKE_BUCKET is not; also set ${Object.keys(places.shape).join(", ")}`,
    ]);
  }
  return {
    bucket: found.LAKE_BUCKET,
    warehouse: {
      project: found.WAREHOUSE_PROJECT,
      dataset: found.WAREHOUSE_DATASET,
      ...(temporary && { temporary }),
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

/** The values of a group of variables; undefined if none of them is set. */
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
      (name) =>
        `${name}: is not set, but ${found.join(", ")} ${found.length === 1 ? "is" : "are"}; set all of these variables, ` +
        "or none of them to use local folders",
    ),
  );
}
