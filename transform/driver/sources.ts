import { stringify } from "yaml";
import { type Column, type DatasetSpec, tableColumns } from "../../dataset";

/**
 * `models/sources.yml` of the dbt project: each data set of the catalog as a source.
 *
 * @param lateness seconds from the start of a period until it must be complete, by data set; others have no freshness
 */
export function sourcesYaml(catalog: Iterable<DatasetSpec>, lateness: ReadonlyMap<string, number>): string {
  const tables = [...catalog].map((spec) => ({
    name: spec.id,
    description: spec.description,
    ...freshness(spec, lateness.get(spec.id)),
    columns: tableColumns(spec).map(columnOf),
  }));
  const source = {
    name: "raw",
    description: "Data sets as published by their sources, with typed columns. Written by the ingest job.",
    schema: "{{ env_var('RAW_DATASET', 'raw') }}",
    tables,
  };
  const head =
    "# Generated from catalog/ by `npm run golden`. To change it, change the specification of the data set.\n";
  return head + stringify({ sources: [source] }, { lineWidth: 0 });
}

/** The period column is always there; BigQuery and DuckDB enforce both, and so do not_null tests after a change by hand. */
function columnOf({ name, description, mode }: Column) {
  return { name, description, ...(mode === "REQUIRED" && { data_tests: ["not_null"] }) };
}

/** Length of the longest period, in days. */
const longestDays = { year: 366, quarter: 92, month: 31, week: 7, day: 1, hour: 1 / 24 } as const;

/** Days until the newest period is too old: it must be complete, and the next one must be overdue. */
function freshness({ grain, schedule }: DatasetSpec, seconds: number | undefined) {
  if (grain === "once" || schedule === undefined || seconds === undefined) return {};
  const periodDays = longestDays[grain];
  const count = Math.ceil((schedule.periodsBehind + 1) * periodDays) + Math.ceil(seconds / 86_400);
  return {
    config: {
      freshness: { error_after: { count, period: "day" } },
      loaded_at_field: "cast(_period as timestamp)",
    },
  };
}
