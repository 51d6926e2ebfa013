import * as z from "zod/mini";
import type { DashboardData, ZoneTrips } from "./data";

/** Runs a query, and returns rows whose values are texts and numbers. */
export type Ask = (sql: string) => Promise<readonly unknown[]>;

/**
 * Queries the marts. The SQL is the same for DuckDB and BigQuery.
 *
 * @param core name of the dataset: `core`, `dev_core`
 */
export async function askMarts(
  ask: Ask,
  core: string,
): Promise<Pick<DashboardData, "days" | "freshness" | "leftOut" | "months" | "zones">> {
  const rows = async <T>(sql: string, shape: z.ZodMiniType<T>) => z.array(shape).parse(await ask(sql));
  return {
    days: await rows(
      `SELECT CAST(pickup_date AS ${textType}) AS day, service_type AS service, CAST(trips AS FLOAT64) AS trips
       FROM ${core}.trips_per_day ORDER BY 1, 2`,
      z.object({ day: z.string(), service: z.string(), trips: z.number() }),
    ),
    months: await rows(
      `SELECT CAST(revenue_month AS ${textType}) AS month, service_type AS service,
              CAST(sum(total_monthly_trips) AS FLOAT64) AS trips,
              CAST(sum(revenue_monthly_total_amount) AS FLOAT64) AS revenue
       FROM ${core}.dm_monthly_zone_revenue GROUP BY 1, 2 ORDER BY 1, 2`,
      z.object({ month: z.string(), service: z.string(), trips: z.number(), revenue: z.number() }),
    ),
    zones: withDistinctNames(
      await rows(
        `SELECT CAST(location_id AS FLOAT64) AS id, revenue_zone AS zone, CAST(revenue_month AS ${textType}) AS month,
                CAST(sum(total_monthly_trips) AS FLOAT64) AS trips
         FROM ${core}.dm_monthly_zone_revenue GROUP BY 1, 2, 3 ORDER BY 3, 2, 1`,
        z.object({ id: z.number(), zone: z.string(), month: z.string(), trips: z.number() }),
      ),
    ),
    leftOut: await rows(
      `SELECT service_type AS service, rule, CAST(sum(trips) AS FLOAT64) AS trips
       FROM ${core}.trips_left_out GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`,
      z.object({ service: z.string(), rule: z.string(), trips: z.number() }),
    ),
    freshness: await rows(
      `SELECT service_type AS service, CAST(min(_period) AS ${textType}) AS first,
              CAST(max(_period) AS ${textType}) AS last, CAST(count(DISTINCT _period) AS FLOAT64) AS periods
       FROM (SELECT service_type, _period FROM ${core}.fact_trips
             UNION ALL SELECT service_type, _period FROM ${core}.fact_fhv_trips)
       GROUP BY 1 ORDER BY 1`,
      z.object({ service: z.string(), first: z.string(), last: z.string(), periods: z.number() }),
    ),
  };
}

/** Zones are identified by number: Corona is 56 and 57. Where a name is not enough, the number follows. */
function withDistinctNames(rows: readonly (ZoneTrips & { readonly id: number })[]): ZoneTrips[] {
  const ids = new Map<string, Set<number>>();
  for (const { zone, id } of rows) ids.set(zone, (ids.get(zone) ?? new Set()).add(id));
  return rows.map(({ id, zone, month, trips }) => ({
    zone: ids.get(zone)?.size === 1 ? zone : `${zone} (${id})`,
    month,
    trips,
  }));
}

/** Both know this name, as they know FLOAT64. */
const textType = "STRING";
