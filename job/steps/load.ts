import type { Lake } from "../lake/lake";
import { removeSuccess } from "../lake/manifest";
import type { FileRecord, TableRecord } from "../records";
import { countText } from "../text";
import type { PeriodContext } from "./context";
import type { PeriodTable } from "./period-tables";
import type { StepResult, Steps } from "./timing";

/**
 * Loads the period's Parquet file into tables, in parallel. A table that already contains it is skipped.
 *
 * @param isForced loads all tables, even those that already contain the file
 * @returns one record per table, in the order of `tables`
 * @throws the error of the first table that failed, after all have ended
 */
export async function loadTables(
  { spec, period }: PeriodContext,
  lake: Lake,
  tables: readonly PeriodTable[],
  parquet: FileRecord,
  steps: Steps,
  isForced: boolean,
): Promise<readonly TableRecord[]> {
  const held = await Promise.all(
    tables.map((table) => (isForced ? Promise.resolve(undefined) : table.holds())),
  );
  if (held.includes(undefined)) {
    await removeSuccess(lake, spec.id, period);
    await lake.confirm(parquet.path);
  }
  // When one load fails, wait for the other: the end of the run would abort it.
  const loaded = await Promise.allSettled(
    tables.map((table, index) => steps.run(table.step, () => load(table, held[index]))),
  );
  return loaded.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
}

async function load(
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
