import * as z from "zod/mini";
import { type BigQueryApi, type Problem, Refusal, type TableName, tableName } from "./bigquery-api";
import { decorated, inPartition, Untranslatable } from "./bigquery-partition";
import type { Answer } from "./front";

const load = z.looseObject({
  destinationTable: tableName,
  writeDisposition: z.optional(z.string()),
  createDisposition: z.optional(z.string()),
  schemaUpdateOptions: z.optional(z.unknown()),
});
/** The body of a request to insert a load job. */
export const loadJob = z.looseObject({
  jobReference: z.optional(
    z.looseObject({ jobId: z.optional(z.string()), location: z.optional(z.string()) }),
  ),
  configuration: z.looseObject({ load }),
});
export type LoadJob = z.infer<typeof loadJob>;

/**
 * Implements a load job into one partition, `trips$201901`, as the real API does: its rows atomically replace those of
 * the partition, and a row of another partition fails the job.
 *
 * The job loads into an empty table with the same columns, so that the emulator performs its checks; then a transaction
 * moves the rows.
 *
 * @param insert inserts the job into the emulator, which may reject it
 * @returns the emulator's response, and the error of a job that the emulator reports as successful
 * @throws Untranslatable
 */
export async function loadPartition(
  job: LoadJob,
  emulator: BigQueryApi,
  insert: (job: LoadJob) => Promise<Answer>,
): Promise<{ readonly answer: Answer; readonly problem?: Problem | undefined }> {
  const { id, table, partition, createsTable } = translatable(job);
  const shape = await emulator.shapeOf(table);
  if (shape === undefined && createsTable)
    throw new Untranslatable(`${table.tableId} is not there, and a load into a partition would create it`);
  // Fails in the emulator, as in the real API.
  if (shape === undefined || (await emulator.job(table.projectId, id)) !== undefined)
    return { answer: await insert(into(table, job)) };
  if (shape.partitioning === undefined)
    throw new Untranslatable(`${table.tableId} is not partitioned by one of its columns`);
  const condition = inPartition(partition, shape.partitioning);

  const staging = { ...table, tableId: stagingName(table.tableId, partition) };
  await emulator.removeTable(staging);
  await emulator.createTable(staging, shape);
  try {
    const answer = await insert(into(staging, job));
    if (answer.status !== 200 || (await emulator.endOf(table.projectId, id)) !== undefined) return { answer };
    const columns = shape.schema.fields.map((field) => field.name);
    return { answer, problem: await movedRows({ emulator, staging, table, columns, condition, partition }) };
  } finally {
    await emulator.removeTable(staging);
  }
}

interface Move {
  readonly emulator: BigQueryApi;
  readonly staging: TableName;
  readonly table: TableName;
  readonly columns: readonly string[];
  readonly condition: string;
  readonly partition: string;
}

/** Replaces the rows of a partition with all rows of another table, or returns the error. */
async function movedRows({
  emulator,
  staging,
  table,
  columns,
  condition,
  partition,
}: Move): Promise<Problem | undefined> {
  const list = columns.map((column) => `\`${column}\``).join(", ");
  const outside = `SELECT count(*) FROM ${sql(staging)} WHERE NOT coalesce(${condition}, false)`;
  const [[count] = []] = await emulator.query(table.projectId, outside);
  if (count !== "0") {
    const destination = `${table.tableId}$${partition}`;
    const message = `Some rows belong to different partitions rather than destination partition ${destination}`;
    return { reason: "invalid", message };
  }
  const move = `BEGIN TRANSACTION;
    DELETE FROM ${sql(table)} WHERE ${condition};
    INSERT INTO ${sql(table)} (${list}) SELECT ${list} FROM ${sql(staging)};
    COMMIT TRANSACTION;`;
  try {
    await emulator.query(table.projectId, move);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.problem;
    throw error;
  }
}

/** Replaces the staging table in a response with the partition. */
export function withoutStaging(text: string): string {
  return text.replaceAll(/__at__(\d{4,10})\b/g, "$$$1");
}

function stagingName(table: string, partition: string): string {
  return `${table}__at__${partition}`;
}

interface PartitionLoad {
  readonly id: string;
  /** Name without the partition. */
  readonly table: TableName;
  readonly partition: string;
  readonly createsTable: boolean;
}

function translatable({ configuration, jobReference }: LoadJob): PartitionLoad {
  const { destinationTable, writeDisposition, createDisposition, schemaUpdateOptions } = configuration.load;
  const what = `a load into ${destinationTable.tableId}`;
  const parts = decorated(destinationTable.tableId);
  if (parts === undefined) throw new Untranslatable(`${what}: it names no partition`);
  if (writeDisposition !== "WRITE_TRUNCATE")
    throw new Untranslatable(`${what} with ${writeDisposition ?? "no writeDisposition"}`);
  if (schemaUpdateOptions !== undefined) throw new Untranslatable(`${what} with schemaUpdateOptions`);
  if (jobReference?.jobId === undefined) throw new Untranslatable(`${what} without a job id`);
  return {
    id: jobReference.jobId,
    table: { ...destinationTable, tableId: parts[0] },
    partition: parts[1],
    createsTable: createDisposition !== "CREATE_NEVER",
  };
}

function into(destinationTable: TableName, job: LoadJob): LoadJob {
  const load = { ...job.configuration.load, destinationTable, writeDisposition: "WRITE_APPEND" };
  return { ...job, configuration: { ...job.configuration, load } };
}

function sql({ projectId, datasetId, tableId }: TableName): string {
  return `\`${projectId}.${datasetId}.${tableId}\``;
}
