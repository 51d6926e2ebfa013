import type { TableRecord } from "../records";
import { countText } from "../text";
import type { LakeFile } from "../warehouse/warehouse";
import type { PeriodTable } from "./period-tables";
import type { StepResult, Steps } from "./timing";

/** What a table contains after the load. */
export interface LoadedTable {
  readonly record: TableRecord;
  /** How its rows differ from the lake's file, if this run has loaded them; see `PeriodTable.differences`. */
  readonly comparison: Comparison | undefined;
}

/** A comparison that started with the end of the load. */
export type Comparison = Promise<readonly string[]>;

/**
 * Loads the period's Parquet file into tables, in parallel, and starts to compare each with the file. A table that
 * already contains it is skipped.
 *
 * @param isForced loads all tables, even those that already contain the file
 * @returns the tables, in the order of `tables`
 * @throws the error of the first table that failed, after all have ended
 */
export async function loadTables(
  tables: readonly PeriodTable[],
  lakeFile: LakeFile,
  steps: Steps,
  isForced: boolean,
): Promise<readonly LoadedTable[]> {
  const held = await Promise.all(
    tables.map((table) => (isForced ? Promise.resolve(undefined) : table.holds())),
  );
  const load = async (table: PeriodTable, rows: number | undefined): Promise<LoadedTable> => {
    const record = await steps.run(table.step, () => loaded(table, rows));
    const comparison = rows === undefined ? table.differences(lakeFile) : undefined;
    // Reported by the verification, which waits for it.
    comparison?.catch(() => undefined);
    return { record, comparison };
  };
  const results = await Promise.allSettled(tables.map((table, index) => load(table, held[index])));
  const failed = results.find((result) => result.status === "rejected");
  if (failed === undefined) return results.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  // The end of the run would abort what is still running.
  for (const result of results)
    if (result.status === "fulfilled") await result.value.comparison?.catch(() => undefined);
  throw failed.reason;
}

async function loaded(
  { name, replace }: PeriodTable,
  held: number | undefined,
): Promise<StepResult<TableRecord>> {
  if (held !== undefined) {
    const detail = `${countText(held, "row")} already there`;
    return { result: { table: name, rows: held }, changed: false, detail };
  }
  const rows = await replace();
  return { result: { table: name, rows }, changed: true, detail: `${countText(rows, "row")} into ${name}` };
}
