import { defineDataset } from "../../dataset";

/** Source: the TLC's trip record files, published about two months after the end of the month. */
export default defineDataset({
  id: "fhv_tripdata",
  description: "Trips of New York's for-hire vehicles, one row per trip.",
  source: {
    url: "https://d37ci6vzurychx.cloudfront.net/trip-data/fhv_tripdata_{period}.parquet",
    format: "parquet",
  },
  grain: "month",
  firstPeriod: "2019-01",
  schedule: { cron: "0 8 2 * *", timeZone: "America/New_York", periodsBehind: 3 },
  columns: [
    {
      name: "dispatching_base_num",
      type: "STRING",
      description: "License number of the base that dispatched the trip.",
    },
    {
      name: "pickup_datetime",
      type: "DATETIME",
      mode: "REQUIRED",
      description: "When the trip started, in New York local time.",
    },
    {
      name: "dropoff_datetime",
      type: "DATETIME",
      description: "When the trip ended, in New York local time.",
    },
    { name: "PULocationID", type: "INTEGER", description: "Taxi zone where the meter was switched on." },
    { name: "DOLocationID", type: "INTEGER", description: "Taxi zone where the meter was switched off." },
    {
      name: "SR_Flag",
      type: "INTEGER",
      description: "1 if the trip was part of a shared ride, otherwise empty.",
    },
    {
      name: "Affiliated_base_number",
      type: "STRING",
      optional: true,
      description: "License number of the base the vehicle belongs to; not in the oldest files.",
    },
  ],
  cluster: ["pickup_datetime", "dispatching_base_num"],
  badRows: { action: "reject", limit: 1000 },
});
