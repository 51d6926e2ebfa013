import { Failure } from "../failure";
import type { Holding } from "../holding";
import type { Lake } from "../lake/lake";
import { countText } from "../report/text";
import { parquetHolding } from "../warehouse/duckdb-warehouse";
import type { PeriodContext } from "./context";
import type { PeriodTables } from "./period-tables";
import type { Published } from "./publish";
import type { StepResult } from "./timing";

/**
 * Compares what lake, warehouse and database hold of the period, if any of them has changed. Where another run may
 * have written to the same tables, they get a second chance: what differs is replaced once more, as long as the lake
 * still holds what this run has published.
 *
 * @throws Failure integrity naming the first place and column that differ
 */
export async function verify(
  context: PeriodContext,
  lake: Lake,
  files: Published,
  tables: PeriodTables,
  changed: boolean,
): Promise<StepResult<undefined>> {
  if (!changed) return { result: undefined, changed, detail: "nothing has changed" };
  try {
    await compare(context, lake, files, tables);
  } catch (error) {
    if (lake.isExclusive || !(error instanceof Failure) || error.kind !== "integrity") throw error;
    await lake.confirm(files.parquet.path);
    context.reporter.warning(`${error.message}; another run may have been in between: loading once more`);
    for (const table of listed(tables)) await table.replace();
    await compare(context, lake, files, tables);
  }
  const { source, parquet, rejects } = files;
  const detail = `${countText(source.rows, "source row")} = ${countText(parquet.rows, "row")} + ${countText(rejects?.rows ?? 0, "reject")}`;
  return { result: undefined, changed, detail };
}

async function compare(
  { engine, spec, scratch }: PeriodContext,
  lake: Lake,
  { source, parquet, rejects }: Published,
  tables: PeriodTables,
): Promise<void> {
  const holdings: Holding[] = [await parquetHolding(engine, spec, await lake.local(parquet, scratch))];
  for (const table of listed(tables)) holdings.push(await table.holding());
  compareHoldings({ rows: source.rows, rejected: rejects?.rows ?? 0 }, holdings);
}

function listed({ warehouse, database }: PeriodTables) {
  return database === null ? [warehouse] : [warehouse, database];
}

/**
 * Checks that every source row is in each place, or among the rejects, and that the columns add up alike.
 *
 * @throws Failure integrity naming the first place and column that differ
 */
export function compareHoldings(
  source: { readonly rows: number; readonly rejected: number },
  holdings: readonly Holding[],
): void {
  const expected = source.rows - source.rejected;
  for (const { place, rows } of holdings) {
    if (rows !== expected) {
      throw new Failure(
        "integrity",
        `${source.rows} source rows without ${source.rejected} rejected make ${expected}, but ${place} holds ${rows}; ` +
          "run again with --force to replace the period",
      );
    }
  }
  const [first, ...others] = holdings;
  if (first === undefined) return;
  for (const other of others) {
    for (const [column, { values, sum }] of first.columns) {
      const found = other.columns.get(column);
      if (found?.values !== values || !alike(found.sum, sum)) {
        throw new Failure(
          "integrity",
          `column ${column}: ${first.place} has ${values} values with the sum ${String(sum)}, ` +
            `${other.place} has ${String(found?.values)} with the sum ${String(found?.sum)}; run again with --force to replace the period`,
        );
      }
    }
  }
}

/** Sums of floating-point numbers differ in the last digits with the order of addition. */
const tolerance = 1e-9;

function alike(a: number | null, b: number | null): boolean {
  if (a === null || b === null || !Number.isFinite(a) || !Number.isFinite(b)) return Object.is(a, b);
  return Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b));
}
