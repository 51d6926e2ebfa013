import { Worker } from "node:worker_threads";
import type { CsvReadingOptions } from "./csv-reading";
import { csvSums, type CsvSums } from "./csv-sums";
import type { CsvTask } from "./csv-thread";

/** The bundled program of the thread; not defined where the job runs without a bundle, as in unit tests. */
declare const CSV_THREAD: string | undefined;

/** Sizes of the thread's heap in MB: its values are short-lived, and a small young generation costs no time. */
const resourceLimits = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 };

/**
 * Reads a CSV file without a header in its own thread: the main thread meanwhile encodes and compares rows.
 *
 * @param signal aborts the reading; the result is then undefined
 */
export function readCsvSums(
  file: string,
  options: CsvReadingOptions,
  signal: AbortSignal,
): Promise<CsvSums | undefined> {
  if (typeof CSV_THREAD === "undefined") return Promise.resolve(csvSums(file, options));
  const task: CsvTask = { file, options };
  const thread = new Worker(CSV_THREAD, { eval: true, resourceLimits });
  thread.postMessage(task);
  const abort = () => void thread.terminate();
  signal.addEventListener("abort", abort, { once: true });
  return new Promise<CsvSums | undefined>((resolve, reject) => {
    thread.once("message", resolve).once("error", reject);
    // Without a message before it, the reading was aborted.
    thread.once("exit", () => {
      resolve(undefined);
    });
  }).finally(() => {
    signal.removeEventListener("abort", abort);
  });
}
