import type { CopySource } from "../database/copy";
import { copySource } from "../database/copy-source";
import { differences } from "../fingerprint/fingerprint";
import type { FileRecord } from "../records";
import type { LakeFile } from "../warehouse/warehouse";
import type { Destinations, PeriodContext } from "./context";

/** The table of one period's data set, in the warehouse or in the database. */
export interface PeriodTable {
  readonly step: "warehouse" | "database";
  readonly name: string;
  /** Rows of the period if it was loaded under the key and all of them are still there, else undefined. */
  readonly holds: () => Promise<number | undefined>;
  /** Replaces the period's rows with those of the Parquet file; returns how many there are then. */
  readonly replace: () => Promise<number>;
  /** How its rows differ from the lake's file; none when they do not. */
  readonly differences: (file: LakeFile) => Promise<readonly string[]>;
}

/** What loading a period needs to know. */
export type TableContext = Pick<PeriodContext, "engine" | "reporter" | "spec" | "period" | "scratch">;

export interface PeriodTables {
  readonly warehouse: PeriodTable;
  /** Null when the run leaves the database out. */
  readonly database: PeriodTable | null;
}

/**
 * The tables that a period's Parquet file is loaded into.
 *
 * @param key names the file's content
 */
export function periodTables(
  context: TableContext,
  { lake, warehouse, database }: Destinations,
  key: string,
  parquet: FileRecord,
): PeriodTables {
  const { spec, period } = context;
  const local = () => lake.local(parquet, context.scratch);
  const inWarehouse: PeriodTable = {
    step: "warehouse",
    name: warehouse.tableName(spec),
    holds: () => warehouse.holds(spec, period, key),
    replace: () => warehouse.replace(spec, period, key, { ...parquet, local }),
    differences: (file) => warehouse.differences(spec, period, file),
  };
  if (database === undefined) return { warehouse: inWarehouse, database: null };
  const inDatabase: PeriodTable = {
    step: "database",
    name: `raw.${spec.id}`,
    holds: () => database.holds(spec, period, key),
    replace: async () => {
      // The warehouse may be loading over the other connection.
      const engine = await context.engine.fork();
      try {
        const rows = await rowsOf({ ...context, engine }, await local(), parquet.rows);
        return await database.replace(spec, period, key, rows, () => lake.confirm(parquet.path));
      } finally {
        engine.close();
      }
    },
    differences: async (file) =>
      differences(await file.fingerprint(), await database.fingerprint(spec, period)),
  };
  return { warehouse: inWarehouse, database: inDatabase };
}

/** The rows of a Parquet file as the database takes them, piece by piece, with progress on the way. */
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
