import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type DatasetSpec,
  deploymentName,
  deploymentToJson,
  type PipelineFacts,
  successTemplate,
} from "../../dataset";

const root = mkdtempSync(join(tmpdir(), "tributary-specifications-"));
afterAll(() => {
  rmSync(root, { recursive: true });
});

/** The environment of a job that reads specifications from a folder, which lasts as long as the tests of the file. */
export function specifications(...specs: readonly DatasetSpec[]): { readonly SPECIFICATIONS: string } {
  const folder = mkdtempSync(join(root, "of-"));
  for (const spec of specs) writeFileSync(join(folder, deploymentName(spec.id)), deployed(spec));
  return { SPECIFICATIONS: folder };
}

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
