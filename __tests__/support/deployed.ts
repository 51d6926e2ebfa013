import { type DatasetSpec, deploymentToJson, type PipelineFacts, successTemplate } from "../../dataset";

/** The object of a data set, as the stacks deploy it. */
export function deployed(specification: DatasetSpec): string {
  const pipeline: PipelineFacts = {
    grain: specification.grain,
    first: null,
    last: null,
    behind: 1,
    timeZone: "Etc/UTC",
    job: "dev-ingest",
    backfillJob: "dev-backfill",
    transferJob: null,
    latenessSeconds: null,
    marker: successTemplate(specification.id, specification.grain),
    retired: specification.retired ?? false,
  };
  return deploymentToJson({ pipeline, specification });
}
