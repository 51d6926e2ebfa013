import type { Lake } from "../lake/lake";
import { removeSuccess } from "../lake/manifest";
import type { FileRecord, TableRecord } from "../records";
import { countText } from "../report/text";
import type { PeriodContext } from "./context";
import type { PeriodTable } from "./period-tables";
import type { StepResult } from "./timing";

/**
 * Loads the period's Parquet file into a table, unless the table holds its content already.
 *
 * @param force loads it whatever the table holds
 */
export async function load(
  { spec, period }: PeriodContext,
  lake: Lake,
  table: PeriodTable,
  parquet: FileRecord,
  force: boolean,
): Promise<StepResult<TableRecord>> {
  const { name } = table;
  const held = force ? undefined : await table.holds();
  if (held !== undefined) {
    const detail = `${countText(held, "row")} already there`;
    return { result: { table: name, rows: held }, changed: false, detail };
  }
  await removeSuccess(lake, spec.id, period);
  await lake.confirm(parquet.path);
  const rows = await table.replace();
  return { result: { table: name, rows }, changed: true, detail: `${countText(rows, "row")} into ${name}` };
}
