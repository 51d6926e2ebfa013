import { createHash } from "node:crypto";
import type { BigQuery } from "@google-cloud/bigquery";
import * as z from "zod/mini";
import {
  tableColumns,
  type DatasetSpec,
  type Period,
  warehouseLedgerPath,
  type WarehouseSettings,
} from "../../dataset";
import { cloudFailure, httpStatusOf } from "../cloud/failure";
import type { Engine } from "../engine/engine";
import { quoteLiteral } from "../engine/sql";
import { Failure } from "../failure";
import type { BucketLake } from "../lake/bucket-lake";
import { comparisons, differing } from "./bigquery-comparison";
import { runJob } from "./bigquery-jobs";
import {
  fieldsOf,
  formOf,
  labelsOf,
  loadOf,
  partitionOf,
  quotedTable,
  replaceStatement,
  type TableReference,
  rowsOf,
} from "./bigquery-load";
import { columnsIn, schemaFaults, type TableColumn, unresolvedTags } from "./bigquery-schema";
import type { LakeFile, PeriodFile, Warehouse } from "./warehouse";

/**
 * The warehouse as a BigQuery dataset, loaded from the lake's bucket. The warehouse stack creates its tables. Its ledger
 * is in the lake, one file per period, because a load job cannot be part of a BigQuery transaction.
 */
export class BigqueryWarehouse implements Warehouse {
  constructor(
    private readonly client: BigQuery,
    private readonly place: WarehouseSettings,
    private readonly lake: BucketLake,
    private readonly engine: Engine,
  ) {}

  tableName({ id }: DatasetSpec): string {
    return `${this.place.dataset}.${id}`;
  }

  /**
   * Checks that the data set's table exists and matches its specification.
   *
   * @throws Failure permanent when it does not
   */
  async check(spec: DatasetSpec): Promise<void> {
    const name = this.tableName(spec);
    const unresolved = unresolvedTags(spec);
    if (unresolved.length > 0) {
      throw new Failure(
        "permanent",
        `table ${name}: the specification has policy tags by a name of an environment (${unresolved.join(", ")}); ` +
          "set SPECIFICATIONS to the bucket of specifications of the environment",
      );
    }
    const advice = "deploy the warehouse stack and the job from the same commit";
    const found = await this.columnsOf(spec);
    if (found === undefined) {
      throw new Failure(
        "permanent",
        `table ${name} does not exist in project ${this.place.project}; ${advice}`,
      );
    }
    const faults = schemaFaults(spec, found);
    if (faults.length > 0) throw new Failure("permanent", `table ${name}: ${faults.join("; ")}; ${advice}`);
  }

  async holds(spec: DatasetSpec, period: Period, key: string): Promise<number | undefined> {
    const text = await this.lake.read(warehouseLedgerPath(spec.id, period));
    if (text === undefined) return undefined;
    const entry = ledger.safeParse(parsed(text));
    if (!entry.success || entry.data.key !== key || entry.data.table !== this.tableName(spec))
      return undefined;
    const rows = await this.count(spec, period);
    return rows === entry.data.rows ? rows : undefined;
  }

  async replace(spec: DatasetSpec, period: Period, key: string, file: PeriodFile): Promise<number> {
    await file.published();
    let job: string;
    try {
      job = await this.load(spec, period, key, file);
    } finally {
      // A load job reads the current object, not a certain generation. Confirm it even if the job has failed.
      await this.confirmLoaded(spec, period, file);
    }
    const rows = await this.count(spec, period);
    const entry: z.infer<typeof ledger> = {
      version: 1,
      key,
      table: this.tableName(spec),
      rows,
      job,
    };
    await this.lake.write(warehouseLedgerPath(spec.id, period), `${JSON.stringify(entry, null, 2)}\n`);
    return rows;
  }

  /** @throws Failure retryable when another run has replaced the file in the lake */
  private async confirmLoaded(spec: DatasetSpec, period: Period, file: PeriodFile): Promise<void> {
    try {
      await this.lake.confirm(file.path);
    } catch (error) {
      // If this load ran after the other run's load, the other run's ledger entry is wrong.
      await this.lake.forget(warehouseLedgerPath(spec.id, period));
      throw error;
    }
  }

  settle(): Promise<void> {
    return Promise.resolve();
  }

  periods(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }

  async differences(spec: DatasetSpec, period: Period, file: LakeFile): Promise<readonly string[]> {
    const all = comparisons(spec);
    const list = (of: "bigquery" | "duckdb") =>
      // BigQuery's client returns rows by column name: every figure needs a name.
      ["count(*) AS row_count", ...all.map((one, index) => `${one[of]} AS c${index}`)].join(", ");
    const [held, ...warehouse] = await this.row(
      spec,
      `SELECT ${list("bigquery")} FROM ${this.from(spec, period)}`,
    );
    const from = `read_parquet(${quoteLiteral(await file.local())}, hive_partitioning = false)`;
    const reader = await this.engine.connection.runAndReadAll(`SELECT ${list("duckdb")} FROM ${from}`);
    const [rows, ...lake] = reader.getRowsJson()[0] ?? [];
    if (Number(rows) !== Number(held)) {
      return [`the lake has ${Number(rows)} rows, the warehouse has ${Number(held)}`];
    }
    return differing(spec, lake, warehouse);
  }

  /**
   * One load job replaces a partition or a whole table. If the period is not exactly that, or the table has other columns
   * than the specification, the period is loaded into a staging table first.
   */
  private async load(spec: DatasetSpec, period: Period, key: string, file: PeriodFile): Promise<string> {
    const id = this.jobId(spec, period, key, file);
    const partition = partitionOf(spec, period);
    if (partition !== undefined && (await this.hasSameColumns(spec)))
      return this.loadTable(id, spec, period, file, this.destination(partition));
    // The name contains a hash of the content: another run never writes other rows to it.
    const staging = { ...this.destination(`${id}_staging`), datasetId: this.temporary };
    await this.createStaging(spec, staging);
    const loaded = await this.loadTable(id, spec, period, file, staging);
    await runJob(this.client, {
      id: `${id}_replace`,
      location: this.place.location,
      configuration: {
        labels: labelsOf(spec, period),
        query: {
          query: replaceStatement(spec, period, this.destination(spec.id), staging),
          useLegacySql: false,
        },
      },
      what: `period ${period.label} of ${this.tableName(spec)} cannot be replaced`,
    });
    return loaded;
  }

  /**
   * Whether the table has the columns of the specification, and no others. Between the deployments of the warehouse stack
   * and of the specification, it has more, or fewer REQUIRED ones: a load job with WRITE_TRUNCATE would take them away.
   */
  private async hasSameColumns(spec: DatasetSpec): Promise<boolean> {
    const found = await this.columnsOf(spec);
    const wanted = tableColumns(spec);
    return found?.size === wanted.length && wanted.every(({ name, mode }) => found.get(name)?.mode === mode);
  }

  private loadTable(
    id: string,
    spec: DatasetSpec,
    period: Period,
    file: PeriodFile,
    table: TableReference,
  ): Promise<string> {
    return runJob(this.client, {
      id,
      location: this.place.location,
      configuration: {
        labels: labelsOf(spec, period),
        load: loadOf(spec, this.lake.uri(file.path), table),
      },
      what: `${this.lake.uri(file.path)} cannot be loaded into ${table.datasetId}.${table.tableId}`,
    });
  }

  /** Creates a staging table. It expires after a day: the job may not delete tables, and a run can be killed. */
  private async createStaging(spec: DatasetSpec, { datasetId, tableId }: TableReference): Promise<void> {
    const expirationTime = String(Date.now() + 24 * 3_600_000);
    try {
      await this.client
        .dataset(datasetId)
        .createTable(tableId, { schema: { fields: fieldsOf(spec) }, ...formOf(spec), expirationTime });
    } catch (error) {
      if (httpStatusOf(error) !== 409)
        throw cloudFailure(error, `table ${datasetId}.${tableId} cannot be created`);
    }
  }

  private get temporary(): string {
    return this.place.temporary ?? this.place.dataset;
  }

  private destination(tableId: string): TableReference {
    return { projectId: this.place.project, datasetId: this.place.dataset, tableId };
  }

  /** The same ID for the same content of the same object: a run finds the job of an earlier run that was killed. */
  private jobId(spec: DatasetSpec, period: Period, key: string, file: PeriodFile): string {
    const { project, dataset, location } = this.place;
    const content = JSON.stringify([
      { project, dataset, location },
      key,
      file.path,
      this.lake.generation(file.path),
    ]);
    const digest = createHash("sha256").update(content).digest("hex").slice(0, 16);
    return `tributary_${spec.id}_${period.label}_${digest}`;
  }

  private async count(spec: DatasetSpec, period: Period): Promise<number> {
    return Number((await this.row(spec, `SELECT count(*) AS c0 FROM ${this.from(spec, period)}`))[0]);
  }

  private async row(spec: DatasetSpec, query: string): Promise<readonly unknown[]> {
    try {
      const { location } = this.place;
      const [rows] = await this.client.query({ query, location, useQueryCache: false });
      return Object.values(resultRow.parse(rows[0]));
    } catch (error) {
      throw cloudFailure(error, `table ${this.tableName(spec)} cannot be read`);
    }
  }

  private from(spec: DatasetSpec, period: Period): string {
    return `${quotedTable(this.destination(spec.id))} WHERE ${rowsOf(period)}`;
  }

  /** Columns by name; undefined when the table does not exist. */
  private async columnsOf(spec: DatasetSpec): Promise<ReadonlyMap<string, TableColumn> | undefined> {
    try {
      const answer: readonly unknown[] = await this.client
        .dataset(this.place.dataset)
        .table(spec.id)
        .getMetadata();
      return columnsIn(answer[0]);
    } catch (error) {
      if (httpStatusOf(error) === 404) return undefined;
      throw cloudFailure(error, `the schema of table ${this.tableName(spec)} cannot be read`);
    }
  }
}

const ledger = z.object({
  version: z.literal(1),
  key: z.string(),
  table: z.string(),
  rows: z.int(),
  job: z.string(),
});

const resultRow = z.record(z.string(), z.unknown());

/** The parsed text, or undefined when it is not valid JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
