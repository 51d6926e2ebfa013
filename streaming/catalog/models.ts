import rides from "./rides";

/** A model over the rides: a view, so that a ride that arrives late counts in its window at once. */
export interface RidesModel {
  readonly name: string;
  readonly description: string;
  /** The query, given the qualified and quoted name of the table of rides, and how a time is cut to its minute. */
  readonly sql: (table: string, minuteOf: (column: string) => string) => string;
}

/** The models over the rides. The same SQL for DuckDB and BigQuery, except for what they name differently. */
export const ridesModels: readonly RidesModel[] = [
  {
    name: "rides_per_minute",
    description:
      "Rides per vendor in windows of one minute, by the time of pick-up. Late rides are in their window.",
    sql: (table, minuteOf) => `SELECT
  vendor_id,
  ${minuteOf("pickup_datetime")} AS window_start,
  count(*) AS rides,
  sum(total_amount) AS total_amount
FROM ${table}
WHERE pickup_datetime IS NOT NULL
GROUP BY 1, 2`,
  },
  {
    name: "rides_by_branch",
    description:
      "Rides in two branches: from 40 dollars up, and below. The branch of a ride without an amount is empty.",
    sql: (table) => `SELECT
  CASE WHEN total_amount >= 40 THEN 'from_40' WHEN total_amount < 40 THEN 'below_40' END AS branch,
  ${rides.columns.map(({ name }) => name).join(",\n  ")}
FROM ${table}`,
  },
];
