import type { CopySource } from "../database/copy";
import { copySource } from "../database/copy-source";
import { differences } from "../fingerprint/fingerprint";
import { withFork } from "../engine/engine";
import type { LakeFile, PeriodFile } from "../warehouse/warehouse";
import type { Destinations, PeriodContext } from "./context";

/** The table of the data set, in the warehouse or in the database, with operations on one period. */
export interface PeriodTable {
  readonly step: "warehouse" | "database";
  readonly name: string;
  /** Number of rows if the period was loaded under the key and all rows are still there; otherwise undefined. */
  readonly holds: () => Promise<number | undefined>;
  /** Replaces the period's rows with those of the Parquet file; returns their number. */
  readonly replace: () => Promise<number>;
  /** How the rows differ from the lake's file; empty when they do not. */
  readonly differences: (file: LakeFile) => Promise<readonly string[]>;
}

/** What loading a period requires. */
export type TableContext = Pick<PeriodContext, "engine" | "reporter" | "spec" | "period" | "scratch">;

export interface PeriodTables {
  readonly warehouse: PeriodTable;
  /** Null when the run does not load the database. */
  readonly database: PeriodTable | null;
}

/**
 * The tables that a period's Parquet file is loaded into.
 *
 * @param key identifies the file's content
 * @param file the file; it may not be in the lake yet
 */
export function periodTables(
  context: TableContext,
  { lake, warehouse, database }: Destinations,
  key: string,
  file: PeriodFile,
): PeriodTables {
  const { spec, period } = context;
  const inWarehouse: PeriodTable = {
    step: "warehouse",
    name: warehouse.tableName(spec),
    holds: () => warehouse.holds(spec, period, key),
    replace: () => warehouse.replace(spec, period, key, file),
    differences: (file) => warehouse.differences(spec, period, file),
  };
  if (database === undefined) return { warehouse: inWarehouse, database: null };
  const inDatabase: PeriodTable = {
    step: "database",
    name: `raw.${spec.id}`,
    holds: () => database.holds(spec, period, key),
    replace: () =>
      // With its own connection: the warehouse is loaded at the same time.
      withFork(context.engine, async (engine) => {
        const rows = await rowsOf({ ...context, engine }, await file.local(), file.rows);
        return database.replace(spec, period, key, rows, {
          beforeSwap: file.published,
          beforeCommit: () => lake.confirm(file.path),
        });
      }),
    differences: async (lakeFile) =>
      differences(await lakeFile.fingerprint(), await database.fingerprint(spec, period)),
  };
  return { warehouse: inWarehouse, database: inDatabase };
}

/** The rows of a Parquet file, encoded for the database, chunk by chunk; reports progress. */
function rowsOf(
  { engine, reporter, spec, period }: TableContext,
  parquet: string,
  total: number,
): Promise<CopySource> {
  let done = 0;
  return copySource(engine.connection, spec, parquet, (count) => {
    done += count;
    reporter.progress(
      { dataset: spec.id, period: period.label, step: "database" },
      { done, total, unit: "rows" },
    );
  });
}
