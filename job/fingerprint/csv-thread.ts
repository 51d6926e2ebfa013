/** Program of the thread that `readCsvSums` starts; `scripts/bundle.mjs` puts it into the bundle of the job. */
import { parentPort } from "node:worker_threads";
import type { CsvReadingOptions } from "./csv-reading";
import { csvSums } from "./csv-sums";

/** The only message to the thread. It answers with `CsvSums` and ends. */
export interface CsvTask {
  readonly file: string;
  readonly options: CsvReadingOptions;
}

parentPort?.once("message", ({ file, options }: CsvTask) => {
  parentPort?.postMessage(csvSums(file, options));
});
