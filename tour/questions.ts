import type { DuckDBConnection } from "@duckdb/node-api";
import * as z from "zod/mini";
import { queryRows } from "../job/engine/rows";
import { withWarehouse } from "../job/warehouse/open-warehouse";

/** Results of the queries; amounts in dollars. Trips dated outside the month of their file are included by month only. */
export interface Answers {
  readonly months: readonly MonthAnswer[];
  /** Sorted by revenue, descending. */
  readonly zones: readonly ZoneAnswer[];
  readonly payments: readonly PaymentAnswer[];
  readonly days: readonly DayAnswer[];
  /** Average trips per hour of the week, at most 168 entries. */
  readonly hours: readonly HourAnswer[];
}

export type MonthAnswer = z.infer<typeof shapes.months>;
export type ZoneAnswer = z.infer<typeof shapes.zones>;
export type PaymentAnswer = z.infer<typeof shapes.payments>;
export type DayAnswer = z.infer<typeof shapes.days>;
export type HourAnswer = z.infer<typeof shapes.hours>;

/** The SQL queries. The report shows them. */
export const questions = {
  months: `
SELECT strftime(_period, '%Y-%m') AS month,
       count(*)::DOUBLE AS trips,
       sum(total_amount) AS revenue,
       avg(trip_distance) AS miles,
       count(*) FILTER (date_trunc('month', tpep_pickup_datetime) <> _period)::DOUBLE AS outside
FROM raw.yellow_tripdata
GROUP BY _period
ORDER BY _period`,
  zones: `
SELECT "Zone" AS zone, "Borough" AS borough, count(*)::DOUBLE AS trips, sum(total_amount) AS revenue
FROM raw.yellow_tripdata
JOIN raw.taxi_zones ON "LocationID" = "PULocationID"
GROUP BY ALL
ORDER BY revenue DESC, zone
LIMIT 15`,
  payments: `
SELECT CASE payment_type
         WHEN 1 THEN 'Credit card' WHEN 2 THEN 'Cash' WHEN 3 THEN 'No charge'
         WHEN 4 THEN 'Dispute' WHEN 6 THEN 'Voided trip' ELSE 'Unknown'
       END AS payment,
       count(*)::DOUBLE AS trips,
       sum(total_amount) AS revenue,
       sum(tip_amount) / nullif(sum(total_amount - tip_amount), 0) AS tip_share
FROM raw.yellow_tripdata
GROUP BY ALL
ORDER BY trips DESC, payment`,
  days: `
SELECT strftime(tpep_pickup_datetime, '%Y-%m-%d') AS day, count(*)::DOUBLE AS trips, sum(total_amount) AS revenue
FROM raw.yellow_tripdata
WHERE date_trunc('month', tpep_pickup_datetime) = _period
GROUP BY ALL
ORDER BY day`,
  hours: `
SELECT isodow(tpep_pickup_datetime)::DOUBLE AS weekday,
       hour(tpep_pickup_datetime)::DOUBLE AS hour,
       count(*) / count(DISTINCT tpep_pickup_datetime::DATE) AS trips
FROM raw.yellow_tripdata
WHERE date_trunc('month', tpep_pickup_datetime) = _period
GROUP BY ALL
ORDER BY ALL`,
} as const satisfies Record<keyof Answers, string>;

/** Queries the warehouse. No other process may have the file open for writing. */
export async function ask(warehouse: string): Promise<Answers> {
  return withWarehouse(warehouse, async (connection) => ({
    months: await rows(connection, questions.months, shapes.months),
    zones: await rows(connection, questions.zones, shapes.zones),
    payments: await rows(connection, questions.payments, shapes.payments),
    days: await rows(connection, questions.days, shapes.days),
    hours: await rows(connection, questions.hours, shapes.hours),
  }));
}

/** Number of rows in the warehouse by period. */
export async function countRows(warehouse: string, dataset: string): Promise<ReadonlyMap<string, number>> {
  const counted = await withWarehouse(warehouse, (connection) =>
    rows(
      connection,
      `SELECT strftime(_period, '%Y-%m') AS period, count(*)::DOUBLE AS rows FROM raw.${dataset} GROUP BY ALL`,
      z.object({ period: z.string(), rows: z.number() }),
    ),
  );
  return new Map(counted.map((row) => [row.period, row.rows]));
}

async function rows<T>(connection: DuckDBConnection, sql: string, shape: z.ZodMiniType<T>): Promise<T[]> {
  return z.array(shape).parse(await queryRows(connection, sql));
}

const shapes = {
  months: z.object({
    month: z.string(),
    trips: z.number(),
    revenue: z.number(),
    miles: z.number(),
    outside: z.number(),
  }),
  zones: z.object({ zone: z.string(), borough: z.string(), trips: z.number(), revenue: z.number() }),
  payments: z.object({
    payment: z.string(),
    trips: z.number(),
    revenue: z.number(),
    tip_share: z.nullable(z.number()),
  }),
  days: z.object({ day: z.string(), trips: z.number(), revenue: z.number() }),
  /** Weekday 1 is Monday. */
  hours: z.object({ weekday: z.number(), hour: z.number(), trips: z.number() }),
};
