import type { Check, PeriodRows, ReportData } from "./data";
import { count } from "./format";
import { html, table, type Column, type Html } from "./html";
import { section } from "./parts";
import { total } from "./total";

/** Row counts of each month by place, and the checks. */
export function rowsSection({ checks, periods }: ReportData): Html {
  const columns: readonly Column[] = [
    { title: "Month" },
    ...["Source", "Rejected", "Parquet", "Warehouse", "Database"].map((title) => ({ title, numeric: true })),
  ];
  const rows = [...periods, ...(periods.length > 1 ? [sum(periods)] : [])].map((period) => [
    html`<span class="mark ${addsUp(period) ? "good" : "bad"}">${addsUp(period) ? "✓" : "✗"}</span>
      ${period.period}`,
    count(period.source),
    `− ${count(period.rejected)}`,
    compared(period.parquet, period.source - period.rejected),
    compared(period.warehouse, period.parquet),
    period.database === null ? "not loaded" : compared(period.database, period.parquet),
  ]);
  return section(
    "rows",
    "Row counts",
    "The rows of the source file minus the rejected rows equal the rows of the Parquet file in the lake, of the " +
      "warehouse, and of the database. The rows of the warehouse were counted for this page; the rows of the database " +
      "were counted by the run, because the database stops with it.",
    html`${table("Rows of each month by place", columns, rows)}
      <ul class="checks">
        ${checks.map(checkItem)}
      </ul>`,
  );
}

function checkItem({ name, holds, detail }: Check): Html {
  return html`<li class="${holds ? "good" : "bad"}">
    <span class="mark" aria-hidden="true">${holds ? "✓" : "✗"}</span>
    <span><b>${name}</b>${holds ? "" : " – failed"}<small>${detail}</small></span>
  </li>`;
}

function addsUp({ source, rejected, parquet, warehouse, database }: PeriodRows): boolean {
  return (
    source === parquet + rejected && parquet === warehouse && (database === null || database === warehouse)
  );
}

function compared(found: number, expected: number): string {
  return `${found === expected ? "=" : "≠"} ${count(found)}`;
}

function sum(periods: readonly PeriodRows[]): PeriodRows {
  return {
    period: "total",
    source: total(periods, (period) => period.source),
    rejected: total(periods, (period) => period.rejected),
    parquet: total(periods, (period) => period.parquet),
    warehouse: total(periods, (period) => period.warehouse),
    database: periods.some((period) => period.database === null)
      ? null
      : total(periods, (period) => period.database ?? 0),
    sourceBytes: total(periods, (period) => period.sourceBytes),
    parquetBytes: total(periods, (period) => period.parquetBytes),
  };
}
