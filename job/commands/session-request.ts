import { type CloudSettings, type JobEnvironment, jobVariables, type Variables } from "../../dataset";
import type { DatabaseRequest } from "../destinations";
import { Failure } from "../failure";
import { Home } from "../home";
import type { SessionRequest } from "../session";

/** Where the destinations of a command are. */
export interface SessionOptions {
  readonly home: string;
  /** A URL; false for no database. @default - the embedded one, or Cloud SQL in the cloud */
  readonly database?: string | boolean;
}

/** @throws Failure permanent in a Cloud Run job without the variables of `jobVariables.cloud` */
export function sessionRequest(
  options: SessionOptions,
  { cloud, endpoints }: JobEnvironment,
  variables: Variables,
): Omit<SessionRequest, "replaceTables"> {
  if (cloud === undefined) checkNotCloudRun(variables);
  return {
    home: new Home(options.home),
    ...(cloud !== undefined && { cloud }),
    endpoints: endpoints ?? {},
    database: databaseOf(options, cloud),
  };
}

function databaseOf({ database }: SessionOptions, cloud: CloudSettings | undefined): DatabaseRequest {
  if (database === false) return { kind: "none" };
  if (typeof database === "string") return { kind: "url", url: database };
  if (cloud === undefined) return { kind: "embedded" };
  return cloud.database === undefined ? { kind: "none" } : { kind: "cloud-sql", settings: cloud.database };
}

/** In a Cloud Run job the home folder is in memory and is lost at the end of the task. */
function checkNotCloudRun(variables: Variables): void {
  if (variables["CLOUD_RUN_JOB"] === undefined) return;
  throw new Failure(
    "permanent",
    `a Cloud Run job requires the environment variables ${Object.keys(jobVariables.cloud).join(", ")}: its local files ` +
      "are lost when the task ends; set them as the ingestion stack does",
  );
}
