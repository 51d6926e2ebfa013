import type { Format } from "../../dataset";
import { Failure } from "../failure";
import { shownAddress } from "../source/location";
import { bytesText } from "../text";
import type { PeriodContext } from "./context";

/**
 * The source and what it becomes are in memory at the same time: a task would be killed in the middle of its work.
 *
 * @throws Failure permanent when the size of the source is known and does not fit
 */
export function refuseTooLarge(bytes: number | undefined, context: MemoryContext): void {
  if (bytes === undefined) return;
  refuse(2 * bytes + programBytes, `has ${bytesText(bytes)}`, context);
}

/**
 * How large a compressed file is when it is not is known only while it is read.
 *
 * @param bytes of the file
 * @param text bytes of its text so far
 * @throws Failure permanent when they do not fit
 */
export function refuseTooLargeText(bytes: number, text: number, context: MemoryContext): void {
  refuse(bytes + text + programBytes, `has more than ${bytesText(text)} without its compression`, context);
}

type MemoryContext = Pick<PeriodContext, "location" | "taskMemoryGib" | "spec" | "format">;

function refuse(
  needed: number,
  what: string,
  { location, taskMemoryGib, spec, format }: MemoryContext,
): void {
  if (taskMemoryGib === undefined || needed <= taskMemoryGib * 2 ** 30) return;
  const gib = Math.ceil(needed / 2 ** 30);
  throw new Failure(
    "permanent",
    `${shownAddress(location)} ${what} and needs about ${gib} GiB of memory, but a task ` +
      `${spec.size === undefined ? "" : `of the size ${spec.size} `}has ${taskMemoryGib} GiB, including its files; ` +
      advice(gib, format.format),
  );
}

function advice(gib: number, format: Format["format"]): string {
  const size = `a size of at least ${gib} GiB: \`size\` in the specification, \`ingestion.sizes\` in the environment`;
  if (format === "csv") {
    const engine = 'set engine to "bigquery" in the specification, which is not limited by memory';
    return gib <= 32 ? `${engine}; or use ${size}` : engine;
  }
  return gib <= 32
    ? `use ${size}`
    : "Cloud Run has at most 32 GiB: publish the source in smaller files, with a finer grain";
}

/**
 * The database is loaded from a copy of the Parquet file, also if BigQuery has converted the source.
 *
 * @throws Failure permanent when it does not fit; nothing has been published
 */
export function refuseParquetTooLarge(
  bytes: number,
  { taskMemoryGib, spec }: Pick<PeriodContext, "taskMemoryGib" | "spec">,
): void {
  if (taskMemoryGib === undefined || bytes + programBytes <= taskMemoryGib * 2 ** 30) return;
  throw new Failure(
    "permanent",
    `the Parquet file has ${bytesText(bytes)}, and a task ` +
      `${spec.size === undefined ? "" : `of the size ${spec.size} `}has ${taskMemoryGib} GiB; the database is loaded from a ` +
      "copy in memory: use a larger size (`size` in the specification, `ingestion.sizes` in the environment), or " +
      "--no-database. Nothing was published",
  );
}

/** What the program itself takes: Node.js, the engine with its buffers, and the clients. */
const programBytes = 0.6 * 2 ** 30;
