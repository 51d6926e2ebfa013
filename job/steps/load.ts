import type { Lake } from "../lake/lake";
import { removeSuccess } from "../lake/manifest";
import type { FileRecord, TableRecord } from "../records";
import { countText } from "../report/text";
import type { PeriodContext } from "./context";
import type { PeriodTable } from "./period-tables";
import type { StepResult, Steps } from "./timing";

/**
 * Loads the period's Parquet file into tables, all at once, unless they hold its content already.
 *
 * @param isForced loads it whatever the tables hold
 * @returns what each table has, in their order
 * @throws what the first table has thrown, when all have ended
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
  // One that fails must not leave the other running: the run's end would break it off.
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
