import { tableColumns, type DatasetSpec, type Period } from "../../dataset";
import { messageOf } from "../../errors/thrown";
import { settings, type Engine } from "../engine/engine";
import { queryNumber, queryRows } from "../engine/rows";
import { inPeriod, quoteIdentifier, quoteLiteral } from "../engine/sql";
import { differences } from "../fingerprint/fingerprint";
import { fingerprintOf } from "../fingerprint/raw";
import { checkWarehouse, prepareWarehouse, quotedName, tableExists } from "./duckdb-schema";
import type { LakeFile, PeriodFile, Warehouse } from "./warehouse";

/** The warehouse as a DuckDB file: tables `raw.<dataset>`, and a ledger that records what each period was loaded from. */
export class DuckdbWarehouse implements Warehouse {
  /** @param replaceTables whether a table whose columns have other types is dropped and recreated. @default - no */
  constructor(
    private readonly engine: Engine,
    private readonly replaceTables = false,
  ) {}

  tableName({ id }: DatasetSpec): string {
    return `raw.${id}`;
  }

  check(spec: DatasetSpec): Promise<void> {
    return checkWarehouse(this.engine.connection, spec, this.replaceTables);
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

  /** Number of rows of the period in the table. */
  async count(spec: DatasetSpec, period: Period): Promise<number> {
    if (!(await this.exists("raw", spec.id))) return 0;
    return queryNumber(
      this.engine.connection,
      `SELECT count(*) FROM ${quotedName(spec)} WHERE ${inPeriod(period)}`,
    );
  }

  async periods(spec: DatasetSpec): Promise<readonly string[]> {
    if (!(await this.exists("tributary", "ledger"))) return [];
    const rows = await queryRows(
      this.engine.connection,
      `SELECT period FROM tributary.ledger WHERE dataset = ${quoteLiteral(spec.id)}`,
    );
    return rows.map((row) => String(row["period"]));
  }

  async differences(spec: DatasetSpec, period: Period, file: LakeFile): Promise<readonly string[]> {
    const names = tableColumns(spec).map(({ name }) => quoteIdentifier(name));
    const query = `SELECT ${names.join(", ")} FROM ${quotedName(spec)} WHERE ${inPeriod(period)}`;
    const held = await fingerprintOf("the warehouse", this.engine.connection, spec, query);
    await this.evictBlocks();
    return differences(await file.fingerprint(), held);
  }

  /**
   * Replaces the period's rows with those of a Parquet file, and updates the ledger, in one transaction.
   */
  async replace(spec: DatasetSpec, period: Period, key: string, file: PeriodFile): Promise<number> {
    const parquet = await file.local();
    return this.withOneThread(() => this.replaceInTransaction(spec, period, key, parquet, file.published));
  }

  /** Two threads compress two row groups at a time, which uses 100 MB more and is only a tenth faster. */
  private async withOneThread<Result>(work: () => Promise<Result>): Promise<Result> {
    const { connection } = this.engine;
    await connection.run("SET threads = 1");
    try {
      return await work();
    } finally {
      await connection.run(`SET threads = ${settings.threads}`);
    }
  }

  async settle(): Promise<void> {
    await this.checkpoint();
    await this.evictBlocks();
  }

  /** Writes a checkpoint now, with one thread: otherwise DuckDB writes it with two threads when the file is closed. */
  private async checkpoint(): Promise<void> {
    await this.withOneThread(async () => {
      await this.engine.connection.run("CHECKPOINT").catch((error: unknown) => {
        // DuckDB cannot write a checkpoint while another connection reads.
        if (!/other (write )?transactions active/.test(messageOf(error))) throw error;
      });
    });
  }

  /** Evicts the table's blocks from memory: converting the next period needs it. */
  private async evictBlocks(): Promise<void> {
    const { connection, memoryLimit } = this.engine;
    // This fails while another connection uses more memory: then there is nothing to evict.
    await connection.run("SET memory_limit = '20MB'").catch(() => undefined);
    await connection.run(`SET memory_limit = '${memoryLimit}'`);
  }

  private async replaceInTransaction(
    spec: DatasetSpec,
    period: Period,
    key: string,
    parquet: string,
    published: () => Promise<void>,
  ): Promise<number> {
    const { connection } = this.engine;
    await connection.run("BEGIN");
    try {
      await prepareWarehouse(connection, spec, this.replaceTables);
      await connection.run(`DELETE FROM ${quotedName(spec)} WHERE ${inPeriod(period)}`);
      await connection.run(
        `INSERT INTO ${quotedName(spec)} BY NAME SELECT * FROM read_parquet(${quoteLiteral(parquet)}, hive_partitioning = false)`,
      );
      const rows = await this.count(spec, period);
      await published();
      await connection.run(
        `INSERT OR REPLACE INTO tributary.ledger VALUES (${[spec.id, period.label, key].map(quoteLiteral).join(", ")}, ${rows}, now())`,
      );
      await connection.run("COMMIT");
      return rows;
    } catch (error) {
      // After some errors DuckDB has already rolled back. Report the first error.
      await connection.run("ROLLBACK").catch(() => undefined);
      throw error;
    }
  }

  private exists(schema: string, table: string): Promise<boolean> {
    return tableExists(this.engine.connection, schema, table);
  }
}
