import { defineDataset } from "../../dataset";

/**
 * Source: the topic `rides`, through the files that the sink keeps per day of arrival. It is not one of the data sets of
 * the catalog: it exists where streaming does.
 */
export default defineDataset({
  id: "rides",
  description: "Taxi rides as reported at their end, one row per message of the topic.",
  source: { url: "rides_{period}.parquet", format: "parquet" },
  grain: "day",
  firstPeriod: "2024-01-01",
  columns: [
    { name: "ride_id", type: "STRING", description: "Identifies the ride." },
    {
      name: "vendor_id",
      type: "INTEGER",
      description: "Code of the record's provider: 1 Creative Mobile Technologies, 2 VeriFone.",
    },
    {
      name: "passenger_count",
      type: "INTEGER",
      description: "Number of passengers, as entered by the driver.",
    },
    { name: "trip_distance", type: "FLOAT", description: "Trip distance in miles, from the taximeter." },
    {
      name: "payment_type",
      type: "INTEGER",
      description: "1 credit card, 2 cash, 3 no charge, 4 dispute, 5 unknown, 6 voided trip.",
    },
    { name: "total_amount", type: "NUMERIC", description: "Total charged, in dollars, excluding cash tips." },
    {
      name: "pickup_datetime",
      type: "DATETIME",
      description: "When the meter was switched on, in New York local time: the time of the event.",
    },
    {
      name: "other_fields",
      type: "STRING",
      description: "Fields of the message that are not columns, as JSON; empty if there are none.",
    },
    {
      name: "arrived_at",
      type: "TIMESTAMP",
      mode: "REQUIRED",
      description: "When the broker appended the message; its day is the period.",
    },
    { name: "topic_partition", type: "INTEGER", mode: "REQUIRED", description: "Partition of the topic." },
    {
      name: "topic_offset",
      type: "INTEGER",
      mode: "REQUIRED",
      description: "Offset in the partition; both identify the message.",
    },
  ],
  cluster: ["pickup_datetime", "vendor_id"],
});
