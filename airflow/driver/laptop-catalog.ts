import { resolve } from "node:path";
import { type DagCatalog, dagDataset, type DatasetSpec, pipelineFacts } from "../../dataset";
import type { Home } from "../../job/home";

/** The catalog of DAGs whose tasks are processes on this machine. */
export function laptopCatalog(specs: Iterable<DatasetSpec>, home: Home, catchUp: boolean): DagCatalog {
  const options = ["--home", resolve(home.folder)];
  return {
    place: {
      kind: "laptop",
      folder: process.cwd(),
      ingest: program("job/main.ts"),
      options,
      transform: [...program("transform/driver/main.ts"), "build", ...options],
    },
    catchUp,
    datasets: [...specs].map((spec) => dagDataset(spec, pipelineFacts(spec, noCloud))),
  };
}

/** As `npm run` starts it. */
function program(entry: string): readonly string[] {
  return [process.execPath, "scripts/run.mjs", entry];
}

/** There are no Cloud Run jobs, and files are not copied before they are ingested. */
const noCloud = { job: "", backfillJob: "", transferJob: null, latenessSeconds: null } as const;
