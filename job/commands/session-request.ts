import { type CloudSettings, type JobEnvironment, jobVariables, type Variables } from "../../dataset";
import type { DatabaseRequest } from "../destinations";
import { Failure } from "../failure";
import { Home } from "../home";
import type { SessionRequest } from "../session";

/** Where a command finds all destinations. */
export interface SessionOptions {
  readonly home: string;
  /** A URL; false to leave the database out. @default - the embedded one, or the cloud's */
  readonly database?: string | boolean;
}

/** @throws Failure permanent in a Cloud Run job whose environment names no cloud */
export function sessionRequest(
  options: SessionOptions,
  { cloud, endpoints }: JobEnvironment,
  variables: Variables,
): Omit<SessionRequest, "replaceTables"> {
  if (cloud === undefined) refuseCloudRun(variables);
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

/** In a Cloud Run job the home folder is memory that ends with the task: loaded there, everything would be lost. */
function refuseCloudRun(variables: Variables): void {
  if (variables["CLOUD_RUN_JOB"] === undefined) return;
  throw new Failure(
    "permanent",
    `a Cloud Run job needs ${Object.keys(jobVariables.cloud).join(", ")} in its environment, as the ingestion stack ` +
      "sets them: files written to folders of the task are lost when it ends",
  );
}
