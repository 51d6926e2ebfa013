import { Failure } from "../failure";
import type { Lake } from "../lake/lake";
import { countText } from "../text";
import type { LakeFile } from "../warehouse/warehouse";
import type { PeriodContext } from "./context";
import type { Comparison } from "./load";
import type { PeriodTable, PeriodTables } from "./period-tables";
import type { Published } from "./publish";
import type { StepResult } from "./timing";

/**
 * Compares the period's rows in lake, warehouse and database, value by value, if any of them has changed. Where
 * another run can have written to the same tables, the tables are replaced and compared a second time, provided that
 * the lake still contains what this run published.
 *
 * @param lakeFile the period's file in the lake
 * @param comparisons of the tables that were loaded, in order
 * @throws Failure integrity naming the first place and column that differ
 */
export async function verify(
  context: PeriodContext,
  lake: Lake,
  files: Published,
  lakeFile: LakeFile,
  tables: PeriodTables,
  comparisons: readonly (Comparison | undefined)[],
  changed: boolean,
): Promise<StepResult<undefined>> {
  if (!changed) return { result: undefined, changed, detail: "nothing has changed" };
  try {
    await compare(files, lakeFile, tables, comparisons);
  } catch (error) {
    if (lake.isExclusive || !(error instanceof Failure) || error.kind !== "integrity") throw error;
    await lake.confirm(files.parquet.path);
    context.reporter.warning(
      `${error.message}; another run may have written at the same time: loading again`,
    );
    for (const table of listed(tables)) await table.replace();
    await compare(files, lakeFile, tables, []);
  }
  const { source, parquet, rejects } = files;
  const detail = `${countText(source.rows, "source row")} = ${countText(parquet.rows, "row")} + ${countText(rejects?.rows ?? 0, "reject")}`;
  return { result: undefined, changed, detail };
}

/** @throws Failure integrity naming the first place and column that differ */
async function compare(
  files: Published,
  lakeFile: LakeFile,
  tables: PeriodTables,
  comparisons: readonly (Comparison | undefined)[],
): Promise<void> {
  // All end before one is reported: an error must not leave the others running.
  const compared = await Promise.allSettled(
    listed(tables).map((table, index) => comparisons[index] ?? table.differences(lakeFile)),
  );
  compareRows(files, (await lakeFile.fingerprint()).rows);
  for (const comparison of compared) {
    if (comparison.status === "rejected") throw comparison.reason;
    const [first, ...others] = comparison.value;
    if (first === undefined) continue;
    const more = others.length === 0 ? "" : ` (and ${countText(others.length, "more column")})`;
    throw new Failure("integrity", `${first}${more}; run again with --force to replace the period`);
  }
}

/**
 * Checks that each source row is in the lake or among the rejects.
 *
 * @throws Failure integrity when the counts do not match
 */
export function compareRows({ source, rejects }: Pick<Published, "source" | "rejects">, rows: number): void {
  const rejected = rejects?.rows ?? 0;
  if (rows === source.rows - rejected) return;
  throw new Failure(
    "integrity",
    `expected ${source.rows - rejected} rows in the lake (${source.rows} source rows, ${rejected} rejected), found ${rows}; ` +
      "run again with --force to replace the period",
  );
}

/** The tables that the run loads. */
export function listed({ warehouse, database }: PeriodTables): readonly PeriodTable[] {
  return database === null ? [warehouse] : [warehouse, database];
}
