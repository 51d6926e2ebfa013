/**
 * Loads an object into a table with the official client, and prints the result. A separate, bundled process, because the
 * client imports modules in a way that jest does not support.
 *
 * Arguments: the API, the location, the job's id, the object, the table.
 */
import { once } from "node:events";
import { bigQueryClient, projectId } from "../../support/cloud/clients";

const [url = "", location = "", jobId = "", object = "", tableId = ""] = process.argv.slice(2);

void (async () => {
  try {
    const [job] = await bigQueryClient(url).createJob({
      jobId,
      location,
      configuration: {
        labels: { run: "test" },
        load: {
          destinationTable: { projectId, datasetId: "raw", tableId },
          sourceUris: [`gs://lake/${object}`],
          sourceFormat: "PARQUET",
          writeDisposition: "WRITE_TRUNCATE",
          createDisposition: "CREATE_NEVER",
        },
      },
    });
    await once(job, "complete");
    process.stdout.write(JSON.stringify({ complete: job.id, location: job.location }));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const code = "code" in error ? error.code : undefined;
    process.stdout.write(JSON.stringify({ message: error.message, code }));
  }
})();
