/** The revenue as a plain consumer computes it: one SQL query of DuckDB over the files of the lake, into a file. */
import { DuckDBInstance } from "@duckdb/node-api";

const [lake = "", output = ""] = process.argv.slice(2);

async function main(): Promise<void> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const zones = `(SELECT * FROM read_parquet('${lake}/raw/taxi_zones/*.parquet') WHERE "Borough" NOT IN ('Unknown', 'N/A'))`;
  const sums = [
    ...["fare_amount", "extra", "mta_tax", "tip_amount", "tolls_amount", "improvement_surcharge"],
    ...["congestion_surcharge", "total_amount"],
  ].map((name) => `sum(try_cast(${name} AS DECIMAL(38, 9))) AS ${name}`);
  await connection.run(
    `COPY (
       SELECT pickup."LocationID", pickup."Zone", date_trunc('month', tpep_pickup_datetime) AS month, ${sums.join(", ")},
              count(*) AS trips, avg(passenger_count) AS passengers, avg(trip_distance) AS miles
       FROM read_parquet('${lake}/raw/yellow_tripdata/**/*.parquet') AS trips
       JOIN ${zones} AS pickup ON "PULocationID" = pickup."LocationID"
       JOIN ${zones} AS dropoff ON "DOLocationID" = dropoff."LocationID"
       GROUP BY ALL
     ) TO '${output}' (FORMAT parquet)`,
  );
}

void main();
