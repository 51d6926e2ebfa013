import * as z from "zod/mini";
import { Failure } from "../failure";
import type { Endpoints } from "./clients";

/** Where a run in the cloud puts what it ingests; the ingestion stack writes it into the job's environment. */
export interface CloudSettings {
  /** Name of the lake's bucket. */
  readonly bucket: string;
  readonly warehouse: {
    readonly project: string;
    /** The dataset that holds a table for each data set. */
    readonly dataset: string;
    /** Region of dataset and bucket. */
    readonly location: string;
  };
  /** @default - data sets end in the warehouse */
  readonly database?: CloudSqlSettings;
}

/** A database of a Cloud SQL instance, and whom to log in as: by IAM, without a password. */
export interface CloudSqlSettings {
  /** `project:region:instance` */
  readonly instance: string;
  readonly name: string;
  /** The service account without `.gserviceaccount.com`. */
  readonly user: string;
}

const text = z.string();
const places = z.object({
  LAKE_BUCKET: text,
  WAREHOUSE_PROJECT: text,
  WAREHOUSE_DATASET: text,
  WAREHOUSE_LOCATION: text,
});
const instance = z.object({ DATABASE_INSTANCE: text, DATABASE_NAME: text, DATABASE_USER: text });

/**
 * The destinations that the environment names.
 *
 * @returns undefined when it names none: the run works on folders
 * @throws Failure permanent when it names some of them and not the others
 */
export function cloudSettings(environment: NodeJS.ProcessEnv): CloudSettings | undefined {
  const found = allOrNone(environment, places);
  const database = allOrNone(environment, instance);
  if (found === undefined) {
    if (database === undefined) return undefined;
    throw new Failure(
      "permanent",
      `the environment has DATABASE_INSTANCE but no LAKE_BUCKET: set ${Object.keys(places.shape).join(", ")} too`,
    );
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

/** Addresses of Google's APIs where they are not the public ones: a private endpoint, or an emulator. */
export function cloudEndpoints(environment: NodeJS.ProcessEnv): Endpoints {
  return {
    storage: environment["STORAGE_API_ENDPOINT"],
    bigquery: environment["BIGQUERY_API_ENDPOINT"],
    sqlAdmin: environment["SQLADMIN_API_ENDPOINT"],
  };
}

/** Variables that belong together; undefined when none of them is set. An empty one counts as not set. */
function allOrNone<Values>(
  environment: NodeJS.ProcessEnv,
  shape: z.ZodMiniObject & z.ZodMiniType<Values>,
): Values | undefined {
  const names = Object.keys(shape.shape);
  const missing = names.filter((name) => !environment[name]);
  if (missing.length === names.length) return undefined;
  if (missing.length > 0) {
    const found = names.filter((name) => !missing.includes(name));
    throw new Failure(
      "permanent",
      `the environment has ${found.join(", ")} but not ${missing.join(", ")}: set all, or none to work on folders`,
    );
  }
  return shape.parse(environment);
}
