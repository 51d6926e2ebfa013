import type { Column } from "./dataset";

/** The data sets with the trips that the mart is computed from, and the one with their zones. */
export const revenueSources = {
  trips: ["green_tripdata", "yellow_tripdata"],
  zones: "taxi_zones",
} as const;

/** The table in `core` that Spark computes, and its folder in the lake. The same in both warehouses. */
export const revenueMart = {
  name: "spark_monthly_zone_revenue",
  description:
    "Revenue by zone, month of pick-up and service, computed by Spark from the files of the lake: the columns that " +
    "green and yellow taxis have in common.",
  columns: [
    column("location_id", "INTEGER", "Number of the zone where the trips began."),
    column("revenue_zone", "STRING", "Name of the zone; two zones can have the same."),
    column("revenue_borough", "STRING", "Borough of the zone."),
    column(
      "revenue_month",
      "DATE",
      "First day of the month of pick-up, which is not always the month of the file.",
    ),
    column("service_type", "STRING", "Green or Yellow."),
    column("revenue_monthly_fare", "NUMERIC", "Fares by time and distance, in dollars."),
    column("revenue_monthly_extra", "NUMERIC", "Rush-hour and overnight surcharges, in dollars."),
    column("revenue_monthly_mta_tax", "NUMERIC", "MTA tax, in dollars."),
    column("revenue_monthly_tip_amount", "NUMERIC", "Tips paid by card, in dollars."),
    column("revenue_monthly_tolls_amount", "NUMERIC", "Tolls, in dollars."),
    column("revenue_monthly_improvement_surcharge", "NUMERIC", "Improvement surcharges, in dollars."),
    column("revenue_monthly_congestion_surcharge", "NUMERIC", "Congestion surcharges, in dollars."),
    column("revenue_monthly_total_amount", "NUMERIC", "All of it, as charged, in dollars."),
    column("total_monthly_trips", "INTEGER", "Number of trips between known zones."),
    column("avg_monthly_passenger_count", "FLOAT", "Mean number of passengers, of the trips that have one."),
    column("avg_monthly_trip_distance", "FLOAT", "Mean distance in miles."),
  ],
} as const satisfies {
  readonly name: string;
  readonly description: string;
  readonly columns: readonly Column[];
};

function column<Type extends Column["type"]>(name: string, type: Type, description: string) {
  return { name, type, description };
}
