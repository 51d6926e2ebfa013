import type { WorkflowSource } from "../constructs/workflow-source";
import { apiCall, goIf, lookUntil } from "./steps";

/** What is exported, and where to. */
export interface DatabaseExport {
  /** Id of the instance's project. */
  readonly project: string;
  /** Name of the Cloud SQL instance. */
  readonly instance: string;
  /** Name of the database. */
  readonly database: string;
  /** Name of the bucket. The instance must be allowed to create objects in it. */
  readonly bucket: string;
}

/**
 * A Google Workflows program that exports a database to `sql/<instance>/<database>-<time>.sql.gz` in a bucket, waits until
 * that is done, and fails when it fails. Cloud SQL reads from a copy of the instance, so that the export does not slow
 * down the database.
 */
export function databaseExportDefinition({
  project,
  instance,
  database,
  bucket,
}: DatabaseExport): WorkflowSource {
  const api = `https://sqladmin.googleapis.com/v1/projects/${project}/`;
  return {
    main: {
      steps: [
        {
          name: {
            assign: [
              { time: '${text.replace_all(text.substring(time.format(sys.now()), 0, 19), ":", "-")}' },
              { uri: `\${"gs://${bucket}/sql/${instance}/${database}-" + time + ".sql.gz"}` },
            ],
          },
        },
        {
          start: apiCall("post", `${api}instances/${instance}/export`, "started", {
            body: {
              exportContext: { fileType: "SQL", uri: "${uri}", databases: [database], offload: true },
            },
          }),
        },
        ...lookUntil('seen.body.status == "DONE"', `\${"${api}operations/" + started.body.name}`, {
          first: 30,
          longest: 300,
        }),
        { succeeded: goIf('not("error" in seen.body)', "finish") },
        {
          fail: {
            raise: {
              message: `\${"database ${database} of ${instance} was not exported to " + uri}`,
              error: "${seen.body.error}",
            },
          },
        },
        { finish: { return: { uri: "${uri}" } } },
      ],
    },
  };
}
