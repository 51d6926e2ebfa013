import { defineDataset } from "../../dataset";

/** Source: the TLC's trip record files, published about two months after the end of the month. */
export default defineDataset({
  id: "yellow_tripdata",
  description: "Trips of New York's yellow taxis, one row per trip.",
  source: {
    url: "https://d37ci6vzurychx.cloudfront.net/trip-data/yellow_tripdata_{period}.parquet",
    format: "parquet",
  },
  grain: "month",
  firstPeriod: "2019-01",
  schedule: { cron: "0 6 2 * *", timeZone: "America/New_York", periodsBehind: 3 },
  columns: [
    {
      name: "VendorID",
      type: "INTEGER",
      description: "Code of the record's provider: 1 Creative Mobile Technologies, 2 VeriFone.",
    },
    {
      name: "tpep_pickup_datetime",
      type: "DATETIME",
      mode: "REQUIRED",
      description: "When the meter was switched on, in New York local time.",
    },
    {
      name: "tpep_dropoff_datetime",
      type: "DATETIME",
      description: "When the meter was switched off, in New York local time.",
    },
    {
      name: "passenger_count",
      type: "INTEGER",
      description: "Number of passengers, as entered by the driver.",
    },
    { name: "trip_distance", type: "FLOAT", description: "Trip distance in miles, from the taximeter." },
    {
      name: "RatecodeID",
      type: "INTEGER",
      description:
        "Final rate code: 1 standard, 2 JFK, 3 Newark, 4 Nassau or Westchester, 5 negotiated, 6 group ride.",
    },
    {
      name: "store_and_fwd_flag",
      type: "STRING",
      description: "Y if the record was stored in the vehicle before it was sent, otherwise N.",
    },
    { name: "PULocationID", type: "INTEGER", description: "Taxi zone where the meter was switched on." },
    { name: "DOLocationID", type: "INTEGER", description: "Taxi zone where the meter was switched off." },
    {
      name: "payment_type",
      type: "INTEGER",
      description: "1 credit card, 2 cash, 3 no charge, 4 dispute, 5 unknown, 6 voided trip.",
    },
    { name: "fare_amount", type: "FLOAT", description: "Fare by time and distance, in dollars." },
    { name: "extra", type: "FLOAT", description: "Rush-hour and overnight surcharges, in dollars." },
    { name: "mta_tax", type: "FLOAT", description: "MTA tax, in dollars." },
    {
      name: "tip_amount",
      type: "FLOAT",
      description: "Tips paid by card, in dollars; cash tips are not included.",
    },
    { name: "tolls_amount", type: "FLOAT", description: "Tolls paid on the trip, in dollars." },
    { name: "improvement_surcharge", type: "FLOAT", description: "Improvement surcharge, in dollars." },
    { name: "total_amount", type: "FLOAT", description: "Total charged, in dollars, excluding cash tips." },
    {
      name: "congestion_surcharge",
      type: "FLOAT",
      optional: true,
      description: "Congestion surcharge, in dollars; since 2019.",
    },
    {
      name: "airport_fee",
      type: "FLOAT",
      optional: true,
      description: "Pick-up fee at LaGuardia and JFK, in dollars; since 2022.",
    },
    {
      name: "cbd_congestion_fee",
      type: "FLOAT",
      optional: true,
      description: "MTA congestion relief zone charge, in dollars; since 2025.",
    },
  ],
  cluster: ["tpep_pickup_datetime", "PULocationID"],
  badRows: { action: "reject", limit: 1000 },
});
