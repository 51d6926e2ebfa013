/**
 * A client of BigQuery's REST API, for the front and for tests. The official client imports modules in a way that jest
 * does not support, so it can be used only in separate processes.
 */
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod/mini";
import type { Partitioning } from "./bigquery-partition";

export const tableName = z.object({ projectId: z.string(), datasetId: z.string(), tableId: z.string() });
export type TableName = z.infer<typeof tableName>;

export const problem = z.looseObject({ reason: z.string(), message: z.string() });
/** An error of the API. */
export type Problem = z.infer<typeof problem>;

const schema = z.looseObject({ fields: z.array(z.looseObject({ name: z.string(), type: z.string() })) });
const table = z.object({
  schema: z.optional(schema),
  timePartitioning: z.optional(
    z.object({ type: z.enum(["HOUR", "DAY", "MONTH", "YEAR"]), field: z.optional(z.string()) }),
  ),
});
const columnTypes = z.enum(["DATE", "DATETIME", "TIMESTAMP"]);
const job = z.object({ status: z.object({ state: z.string(), errorResult: z.optional(problem) }) });
const dataset = z.object({ location: z.string() });
const failure = z.object({ error: z.object({ errors: z.array(problem) }) });
const answeredRows = z.object({
  rows: z.optional(z.array(z.object({ f: z.array(z.object({ v: z.unknown() })) }))),
});

/** Definition of a table. */
export interface Shape {
  readonly schema: z.infer<typeof schema>;
  /** For a table that is partitioned by a column. */
  readonly partitioning?: Partitioning;
}

/** A response that is not successful. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(problem.message);
  }
}

export class BigQueryApi {
  /** @param url `http://127.0.0.1:<port>` */
  constructor(private readonly url: string) {}

  async locationOf({ projectId, datasetId }: TableName): Promise<string | undefined> {
    const found = await this.ask("GET", `${projectId}/datasets/${datasetId}`);
    return found === undefined ? undefined : dataset.parse(found).location;
  }

  /** Undefined if the table does not exist. */
  async shapeOf(name: TableName): Promise<Shape | undefined> {
    const found = await this.ask("GET", pathOf(name));
    if (found === undefined) return undefined;
    const { schema = { fields: [] }, timePartitioning: time } = table.parse(found);
    const type = schema.fields.find((field) => field.name === time?.field)?.type;
    if (time?.field === undefined || type === undefined) return { schema };
    const partitioning = { column: time.field, columnType: columnTypes.parse(type), unit: time.type };
    return { schema, partitioning };
  }

  /** Creates an empty table. */
  async createTable(name: TableName, { schema }: Shape): Promise<void> {
    await this.ask("POST", `${name.projectId}/datasets/${name.datasetId}/tables`, {
      tableReference: name,
      schema,
    });
  }

  /** Deletes a table if it exists. */
  async removeTable(name: TableName): Promise<void> {
    await this.ask("DELETE", pathOf(name));
  }

  /** Runs a query. Returns the values of the rows as text. */
  async query(project: string, query: string): Promise<readonly (readonly unknown[])[]> {
    const asked = { query, useLegacySql: false, timeoutMs: 600_000 };
    const { rows = [] } = answeredRows.parse(await this.ask("POST", `${project}/queries`, asked));
    return rows.map(({ f: cells }) => cells.map(({ v: value }) => value));
  }

  /** Undefined if the job does not exist. */
  job(project: string, id: string, location?: string): Promise<unknown> {
    return this.ask("GET", `${project}/jobs/${id}${location === undefined ? "" : `?location=${location}`}`);
  }

  /** Waits until a job is done. Returns its error, or undefined. */
  async endOf(project: string, id: string, location?: string): Promise<Problem | undefined> {
    const { status } = job.parse(await this.job(project, id, location));
    if (status.state === "DONE") return status.errorResult;
    await sleep(50);
    return this.endOf(project, id, location);
  }

  /**
   * The JSON of the response, or undefined for 404.
   *
   * @param path after `/bigquery/v2/projects/`
   * @throws Refusal for any other response that is not successful
   */
  async ask(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.url}/bigquery/v2/projects/${path}`, {
      method,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      }),
    });
    const text = await response.text();
    if (response.ok) return text === "" ? {} : JSON.parse(text);
    if (response.status === 404) return undefined;
    const errors = response.headers.get("content-type")?.includes("json")
      ? failure.parse(JSON.parse(text)).error.errors
      : [];
    throw new Refusal(response.status, errors[0] ?? { reason: "unknown", message: text });
  }
}

function pathOf({ projectId, datasetId, tableId }: TableName): string {
  return `${projectId}/datasets/${datasetId}/tables/${tableId}`;
}
