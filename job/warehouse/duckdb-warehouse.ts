import { tableColumns, type DatasetSpec, type Period } from "../../dataset";
import { Failure } from "../failure";
import { settings, type Engine } from "../engine/engine";
import { queryNumber, queryRows } from "../engine/rows";
import { inPeriod, quoteIdentifier, quoteLiteral } from "../engine/sql";
import { duckdbTypes } from "../engine/types";
import { differences } from "../fingerprint/fingerprint";
import { fingerprintOf } from "../fingerprint/raw";
import type { LakeFile, PeriodFile, Warehouse } from "./warehouse";

/** The warehouse as a DuckDB file: tables `raw.<dataset>`, and a ledger of what each period was loaded from. */
export class DuckdbWarehouse implements Warehouse {
  constructor(private readonly engine: Engine) {}

  tableName({ id }: DatasetSpec): string {
    return `raw.${id}`;
  }

  async holds(spec: DatasetSpec, period: Period, key: string): Promise<number | undefined> {
    if (!(await this.exists("tributary", "ledger"))) return undefined;
    const [entry] = await queryRows(
      this.engine.connection,
      `SELECT key, rows FROM tributary.ledger WHERE dataset = ${quoteLiteral(spec.id)} AND period = ${quoteLiteral(period.label)}`,
    );
    if (entry?.["key"] !== key) return undefined;
    const rows = await this.count(spec, period);
    return rows === Number(entry["rows"]) ? rows : undefined;
  }

  /** Rows of the period that are in the table. */
  async count(spec: DatasetSpec, period: Period): Promise<number> {
    if (!(await this.exists("raw", spec.id))) return 0;
    return queryNumber(
      this.engine.connection,
      `SELECT count(*) FROM ${quotedName(spec)} WHERE ${inPeriod(period)}`,
    );
  }

  async differences(spec: DatasetSpec, period: Period, file: LakeFile): Promise<readonly string[]> {
    const names = tableColumns(spec).map(({ name }) => quoteIdentifier(name));
    const query = `SELECT ${names.join(", ")} FROM ${quotedName(spec)} WHERE ${inPeriod(period)}`;
    const held = await fingerprintOf("the warehouse", this.engine.connection, spec, query);
    return differences(await file.fingerprint(), held);
  }

  /**
   * Replaces the period's rows with those of a Parquet file, and its ledger entry, in one transaction.
   *
   * @throws Failure drift when the table has a column of another type than the specification
   */
  async replace(spec: DatasetSpec, period: Period, key: string, file: PeriodFile): Promise<number> {
    const { connection } = this.engine;
    const parquet = await file.local();
    // Two threads compress two row groups at a time, which costs 100 MB more for a tenth of the time.
    await connection.run("SET threads = 1");
    try {
      const rows = await this.replaceInTransaction(spec, period, key, parquet);
      // Now, while one thread is set: at the latest when the file is closed it would happen anyway.
      await connection.run("CHECKPOINT");
      return rows;
    } finally {
      await connection.run(`SET threads = ${settings.threads}`);
    }
  }

  private async replaceInTransaction(
    spec: DatasetSpec,
    period: Period,
    key: string,
    parquet: string,
  ): Promise<number> {
    const { connection } = this.engine;
    await connection.run("BEGIN");
    try {
      await this.prepare(spec);
      await connection.run(`DELETE FROM ${quotedName(spec)} WHERE ${inPeriod(period)}`);
      await connection.run(
        `INSERT INTO ${quotedName(spec)} BY NAME SELECT * FROM read_parquet(${quoteLiteral(parquet)}, hive_partitioning = false)`,
      );
      const rows = await this.count(spec, period);
      await connection.run(
        `INSERT OR REPLACE INTO tributary.ledger VALUES (${[spec.id, period.label, key].map(quoteLiteral).join(", ")}, ${rows}, now())`,
      );
      await connection.run("COMMIT");
      return rows;
    } catch (error) {
      // After some errors the engine has already rolled back; the error that matters is the first one.
      await connection.run("ROLLBACK").catch(() => undefined);
      throw error;
    }
  }

  /** Creates what is missing; a table from an older specification gets the new columns. */
  private async prepare(spec: DatasetSpec): Promise<void> {
    const { connection } = this.engine;
    const columns = tableColumns(spec);
    await connection.run("CREATE SCHEMA IF NOT EXISTS tributary");
    await connection.run(
      "CREATE TABLE IF NOT EXISTS tributary.ledger (dataset VARCHAR, period VARCHAR, key VARCHAR, rows BIGINT, loaded_at TIMESTAMPTZ, PRIMARY KEY (dataset, period))",
    );
    await connection.run("CREATE SCHEMA IF NOT EXISTS raw");
    const definitions = columns.map(
      ({ name, type, mode }) =>
        `${quoteIdentifier(name)} ${duckdbTypes[type]}${mode === "REQUIRED" ? " NOT NULL" : ""}`,
    );
    await connection.run(`CREATE TABLE IF NOT EXISTS ${quotedName(spec)} (${definitions.join(", ")})`);
    const existing = await queryRows(
      connection,
      `SELECT column_name, data_type FROM duckdb_columns() WHERE schema_name = 'raw' AND table_name = ${quoteLiteral(spec.id)}`,
    );
    const found = new Map(existing.map((row) => [String(row["column_name"]), String(row["data_type"])]));
    for (const { name, type } of columns) {
      const has = found.get(name);
      const wanted = duckdbTypes[type].replace("TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE");
      if (has === undefined) {
        await connection.run(
          `ALTER TABLE ${quotedName(spec)} ADD COLUMN ${quoteIdentifier(name)} ${duckdbTypes[type]}`,
        );
      } else if (has !== wanted) {
        throw new Failure(
          "drift",
          `warehouse table raw.${spec.id}: column ${name} is ${has}, the specification says ${type} (${wanted}); ` +
            "drop the table and ingest its periods again, or name the new column differently",
        );
      }
    }
  }

  private async exists(schema: string, table: string): Promise<boolean> {
    const count = `SELECT count(*) FROM duckdb_tables() WHERE schema_name = ${quoteLiteral(schema)} AND table_name = ${quoteLiteral(table)}`;
    return (await queryNumber(this.engine.connection, count)) > 0;
  }
}

function quotedName(spec: DatasetSpec): string {
  return `raw.${quoteIdentifier(spec.id)}`;
}
