import type { Client } from "pg";
import { tableColumns, type DatasetSpec, type Period } from "../../dataset";
import { inPeriod, quoteIdentifier, quoteLiteral } from "../engine/sql";
import type { ColumnFingerprint, Fingerprint } from "../fingerprint/fingerprint";
import { connected, explained, type Server } from "./connection";
import { copyRows, type CopySource } from "./copy";
import { fingerprintLists, sumIn } from "./fingerprint-query";
import { checkRights, checkTable, parentTable, prepareTable } from "./schema";

/** Called while a period is replaced. If one rejects, the transaction is rolled back. */
export interface ReplaceHooks {
  /** The rows are loaded and analyzed; the table is not locked yet. */
  readonly beforeSwap?: () => Promise<void>;
  /** Other runs of the period wait. */
  readonly beforeCommit?: () => Promise<void>;
}

/**
 * A Postgres database: tables `raw.<dataset>` with lowercase column names and one partition per period. Partitions are
 * tables of the schema `raw_partitions`; `tributary.ledger` records what each was loaded from.
 */
export class PostgresDatabase {
  private constructor(
    private readonly server: Server,
    private readonly client: Client,
    private readonly replaceTables: boolean,
  ) {}

  /**
   * @param replaceTables whether a table whose columns have other types is dropped and recreated. @default - no
   * @throws Failure retryable when the server cannot be reached, permanent when it rejects the user or database, or
   *   the user lacks the privilege to create schemas
   */
  static async connect(server: Server, replaceTables = false): Promise<PostgresDatabase> {
    const database = new PostgresDatabase(server, await connected(server), replaceTables);
    try {
      await database.explaining(() => checkRights(database.client, server));
      return database;
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.client.end();
  }

  /**
   * Checks that the data set can be loaded. It writes nothing.
   *
   * @throws Failure drift or permanent with the reason and what to do
   */
  check(spec: DatasetSpec): Promise<void> {
    return this.explaining(() => checkTable(this.client, spec, this.replaceTables));
  }

  /** Number of rows if the period was loaded under this key and all rows are still there; otherwise undefined. */
  async holds(spec: DatasetSpec, period: Period, key: string): Promise<number | undefined> {
    return this.explaining(async () => {
      if (!(await this.exists("tributary.ledger"))) return undefined;
      const { rows } = await this.client.query<{ key: string; rows: string }>(
        "SELECT key, rows FROM tributary.ledger WHERE dataset = $1 AND period = $2",
        [spec.id, period.label],
      );
      if (rows[0]?.key !== key) return undefined;
      const found = await this.count(spec, period);
      return found === Number(rows[0].rows) ? found : undefined;
    });
  }

  /** Periods of the data set in the ledger. */
  async periods(spec: DatasetSpec): Promise<readonly string[]> {
    return this.explaining(async () => {
      if (!(await this.exists("tributary.ledger"))) return [];
      const { rows } = await this.client.query<{ period: string }>(
        "SELECT period FROM tributary.ledger WHERE dataset = $1",
        [spec.id],
      );
      return rows.map(({ period }) => period);
    });
  }

  /** Number of rows of the period in the table. */
  async count(spec: DatasetSpec, period: Period): Promise<number> {
    if (!(await this.exists(parentTable(spec)))) return 0;
    const { rows } = await this.client.query<{ count: string }>(
      `SELECT count(*) AS count FROM ${parentTable(spec)} WHERE ${inPeriod(period)}`,
    );
    return Number(rows[0]?.count ?? 0);
  }

  /** The fingerprint of the period's rows. */
  async fingerprint(spec: DatasetSpec, period: Period): Promise<Fingerprint> {
    const columns = new Map<string, ColumnFingerprint>();
    let rows = 0;
    for (const { names, list } of fingerprintLists(spec)) {
      const text = `SELECT ${list} FROM ${parentTable(spec)} WHERE ${inPeriod(period)}`;
      const result = await this.explaining(() => this.client.query<unknown[]>({ text, rowMode: "array" }));
      const [count, ...cells] = result.rows[0] ?? [];
      rows = Number(count);
      names.forEach((name, index) => {
        columns.set(name, { values: Number(cells[index * 2]), sum: sumIn(cells[index * 2 + 1]) });
      });
    }
    return { place: "the database", rows, columns };
  }

  /**
   * Replaces the period's rows. One transaction copies them into a staging table, replaces the period's partition with
   * that table, and updates the ledger. Readers see either the old rows or the new ones.
   *
   * @param source the rows, with the columns of `tableColumns(spec)`
   * @returns the number of loaded rows
   */
  async replace(
    spec: DatasetSpec,
    period: Period,
    key: string,
    source: CopySource,
    hooks: ReplaceHooks = {},
  ): Promise<number> {
    const lock = `tributary/${spec.id}/${period.label}`;
    return this.explaining(async () => {
      await this.client.query("SELECT pg_advisory_lock(hashtextextended($1, 0))", [lock]);
      try {
        await this.transaction(() => prepareTable(this.client, spec, this.replaceTables));
        return await this.replaceFrom(source, spec, period, key, hooks);
      } finally {
        await this.client
          .query("SELECT pg_advisory_unlock(hashtextextended($1, 0))", [lock])
          .catch(() => undefined);
      }
    });
  }

  private async replaceFrom(
    source: CopySource,
    spec: DatasetSpec,
    period: Period,
    key: string,
    hooks: ReplaceHooks,
  ): Promise<number> {
    const staging = await this.createStaging(spec, period);
    const columns = tableColumns(spec).map(({ name }) => quoteIdentifier(name.toLowerCase()));
    const load = async () => {
      // The kernel writes to the disk during the load, and not only when the commit syncs the table.
      await this.client.query("SET LOCAL backend_flush_after = '1MB'");
      // FREEZE requires it; without replicas, it also lets the server skip the write-ahead log.
      await this.client.query(`TRUNCATE ${staging}`);
      const rows = await copyRows(this.client, { table: staging, columns }, source);
      await this.client.query(`ANALYZE ${staging}`);
      await hooks.beforeSwap?.();
      await this.swap(spec, period, key, staging, rows);
      await hooks.beforeCommit?.();
      return rows;
    };
    try {
      return await this.transaction(load);
    } catch (error) {
      await this.client.query(`DROP TABLE IF EXISTS ${staging}`).catch(() => undefined);
      throw error;
    }
  }

  /** Creates an empty table like the data set's, and drops one that a killed run left behind. */
  private async createStaging(spec: DatasetSpec, period: Period): Promise<string> {
    const staging = partitionTable(spec, period, "_staging");
    await this.client.query(`DROP TABLE IF EXISTS ${staging}`);
    // With this constraint, ATTACH PARTITION does not scan the table.
    const constraint = period.grain === "once" ? "" : `, CONSTRAINT one_period CHECK (${inPeriod(period)})`;
    await this.client.query(`CREATE TABLE ${staging} (LIKE ${parentTable(spec)}${constraint})`);
    return staging;
  }

  private async swap(
    spec: DatasetSpec,
    period: Period,
    key: string,
    staging: string,
    rows: number,
  ): Promise<void> {
    const { client } = this;
    await client.query("SET LOCAL lock_timeout = '60s'");
    if (period.grain === "once") {
      await client.query(`TRUNCATE ${parentTable(spec)}`);
      await client.query(`INSERT INTO ${parentTable(spec)} SELECT * FROM ${staging}`);
      await client.query(`DROP TABLE ${staging}`);
    } else {
      const partition = partitionTable(spec, period, "");
      await client.query(`DROP TABLE IF EXISTS ${partition}`);
      await client.query(`ALTER TABLE ${staging} RENAME TO ${partition.split(".")[1] ?? ""}`);
      await client.query(
        `ALTER TABLE ${parentTable(spec)} ATTACH PARTITION ${partition} FOR VALUES IN (${quoteLiteral(period.startText)})`,
      );
      await client.query(`ALTER TABLE ${partition} DROP CONSTRAINT one_period`);
    }
    await client.query(
      `INSERT INTO tributary.ledger (dataset, period, key, rows) VALUES ($1, $2, $3, $4)
       ON CONFLICT (dataset, period) DO UPDATE SET key = excluded.key, rows = excluded.rows, loaded_at = now()`,
      [spec.id, period.label, key, rows],
    );
  }

  private async transaction<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.client.query("BEGIN");
    try {
      const result = await work();
      await this.client.query("COMMIT");
      return result;
    } catch (error) {
      // On a broken connection the server rolls back. Report the first error.
      await this.client.query("ROLLBACK").catch(() => undefined);
      throw error;
    }
  }

  /** Runs queries; an error names the database, and whether a retry can help. */
  private async explaining<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw explained(error, this.server);
    }
  }

  private async exists(table: string): Promise<boolean> {
    const { rows } = await this.client.query<{ found: boolean }>(
      "SELECT to_regclass($1) IS NOT NULL AS found",
      [table],
    );
    return rows[0]?.found === true;
  }
}

function partitionTable(spec: DatasetSpec, period: Period, suffix: string): string {
  const name =
    period.grain === "once" ? spec.id : `${spec.id}_${period.label.replaceAll("-", "_").toLowerCase()}`;
  return `raw_partitions.${quoteIdentifier(`${name}${suffix}`)}`;
}
