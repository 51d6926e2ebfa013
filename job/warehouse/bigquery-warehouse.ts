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
import { inPeriod, quoteLiteral } from "../engine/sql";
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
  replaceStatement,
  standardType,
} from "./bigquery-load";
import type { LakeFile, PeriodFile, Warehouse } from "./warehouse";

/**
 * The warehouse as a BigQuery dataset, loaded from the lake's bucket. Its tables are made by the warehouse stack; its
 * ledger is kept in the lake, a file for each period, because BigQuery has no transaction over a load job and a row.
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
   * Checks that the data set has its table, as its specification says.
   *
   * @throws Failure permanent when it is not there or has other columns
   */
  async check(spec: DatasetSpec): Promise<void> {
    const name = this.tableName(spec);
    const found = await this.columnsOf(spec);
    const advice = "deploy the warehouse stack and the job from one commit";
    if (found === undefined) {
      throw new Failure("permanent", `there is no table ${name} in project ${this.place.project}; ${advice}`);
    }
    const faults = tableColumns(spec).flatMap(({ name: column, type, mode }) => {
      const has = found.get(column);
      if (has?.type !== type) {
        return [`${column} is ${has?.type ?? "not there"}, the specification says ${type}`];
      }
      return has.mode === "REQUIRED" && mode !== "REQUIRED"
        ? [`${column} is REQUIRED, the specification says NULLABLE`]
        : [];
    });
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
    let job: string;
    try {
      job = await this.load(spec, period, key, file);
    } finally {
      // A load job reads the object that is there when it runs, not a generation of it. Also when it has failed.
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

  /** @throws Failure retryable when another run's file is in the lake by now */
  private async confirmLoaded(spec: DatasetSpec, period: Period, file: PeriodFile): Promise<void> {
    try {
      await this.lake.confirm(file.path);
    } catch (error) {
      // This load may have come after the other run's, whose record would then be wrong.
      await this.lake.forget(warehouseLedgerPath(spec.id, period));
      throw error;
    }
  }

  periods(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }

  async differences(spec: DatasetSpec, period: Period, file: LakeFile): Promise<readonly string[]> {
    const all = comparisons(spec);
    const list = (of: "bigquery" | "duckdb") =>
      // Named, because a client that returns rows by their columns' names would take two without one for the same.
      ["count(*) AS rows_held", ...all.map((one, index) => `${one[of]} AS c${index}`)].join(", ");
    const [held, ...warehouse] = await this.row(
      spec,
      `SELECT ${list("bigquery")} FROM ${this.from(spec, period)}`,
    );
    const from = `read_parquet(${quoteLiteral(await file.local())}, hive_partitioning = false)`;
    const reader = await this.engine.connection.runAndReadAll(`SELECT ${list("duckdb")} FROM ${from}`);
    const [rows, ...lake] = reader.getRowsJson()[0] ?? [];
    if (Number(rows) !== Number(held)) {
      return [`the lake holds ${Number(rows)} rows, the warehouse holds ${Number(held)}`];
    }
    return differing(spec, lake, warehouse);
  }

  /** Where a period is a partition, or the whole table, one load job replaces it. Else it is replaced in between. */
  private async load(spec: DatasetSpec, period: Period, key: string, file: PeriodFile): Promise<string> {
    const id = this.jobId(spec, period, key, file);
    const partition = partitionOf(spec, period);
    if (partition !== undefined) return this.loadTable(id, spec, period, file, partition);
    // Named after its content: another run's rows never get into it.
    const staging = `${id}_staging`;
    await this.makeStaging(spec, staging);
    const loaded = await this.loadTable(id, spec, period, file, staging);
    await runJob(this.client, {
      id: `${id}_replace`,
      location: this.place.location,
      configuration: {
        labels: labelsOf(spec, period),
        query: {
          query: replaceStatement(spec, period, (table) => this.quoted(table), staging),
          useLegacySql: false,
        },
      },
      what: `period ${period.label} of ${this.tableName(spec)} cannot be replaced`,
    });
    return loaded;
  }

  private loadTable(
    id: string,
    spec: DatasetSpec,
    period: Period,
    file: PeriodFile,
    table: string,
  ): Promise<string> {
    const { project, dataset, location } = this.place;
    return runJob(this.client, {
      id,
      location,
      configuration: {
        labels: labelsOf(spec, period),
        load: loadOf(spec, this.lake.uri(file.path), {
          projectId: project,
          datasetId: dataset,
          tableId: table,
        }),
      },
      what: `${this.lake.uri(file.path)} cannot be loaded into ${dataset}.${table}`,
    });
  }

  /** For what is loaded before it is moved; a killed run's goes by itself after a day. */
  private async makeStaging(spec: DatasetSpec, name: string): Promise<void> {
    const { dataset } = this.place;
    const expirationTime = String(Date.now() + 24 * 3_600_000);
    try {
      await this.client
        .dataset(dataset)
        .createTable(name, { schema: { fields: fieldsOf(spec) }, ...formOf(spec), expirationTime });
    } catch (error) {
      if (httpStatusOf(error) !== 409) throw cloudFailure(error, `${dataset}.${name} cannot be made`);
    }
  }

  /** The same for the same content in the same object, so that a run that was killed finds its own job. */
  private jobId(spec: DatasetSpec, period: Period, key: string, file: PeriodFile): string {
    const content = JSON.stringify([this.place, key, file.path, this.lake.generation(file.path)]);
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
    return `${this.quoted(spec.id)} WHERE ${inPeriod(period)}`;
  }

  private quoted(table: string): string {
    const { project, dataset } = this.place;
    return `\`${project}.${dataset}.${table}\``;
  }

  /** By name; undefined when there is no such table. */
  private async columnsOf(spec: DatasetSpec): Promise<ReadonlyMap<string, TableColumn> | undefined> {
    try {
      const answer: readonly unknown[] = await this.client
        .dataset(this.place.dataset)
        .table(spec.id)
        .getMetadata();
      const { fields } = tableShape.parse(answer[0]).schema;
      return new Map(
        fields.map(({ name, type, mode }) => [name, { type: standardType(type), mode: mode ?? "NULLABLE" }]),
      );
    } catch (error) {
      if (httpStatusOf(error) === 404) return undefined;
      throw cloudFailure(error, `table ${this.tableName(spec)} cannot be looked at`);
    }
  }
}

interface TableColumn {
  readonly type: string;
  readonly mode: string;
}

const ledger = z.object({
  version: z.literal(1),
  key: z.string(),
  table: z.string(),
  rows: z.int(),
  job: z.string(),
});

const resultRow = z.record(z.string(), z.unknown());

const tableShape = z.object({
  schema: z.object({
    fields: z.array(z.object({ name: z.string(), type: z.string(), mode: z.optional(z.string()) })),
  }),
});

/** What is no JSON is no ledger. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
