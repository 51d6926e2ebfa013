"""Revenue by zone, month and service: the trips of green and yellow taxis in the lake, on their common columns.

On a laptop, `npm run spark -- revenue` runs this file; in the cloud, a batch of Managed Service for Apache Spark does. It
needs only PySpark:

    python revenue.py --lake gs://<bucket> --output gs://<bucket>/marts/revenue
    python revenue.py --lake .tributary/lake --output revenue --from 2019-01 --to 2019-03

A trip counts in the month of its pick-up, which is not always the month of its file. The output has a folder for each
month: without a range, all months are replaced; with one, exactly those, even if they have no trips.
"""

import argparse
import sys

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

# Exact sums: floating-point numbers would depend on the order of the rows.
MONEY = "decimal(38,9)"

AMOUNTS = [
    "fare_amount",
    "extra",
    "mta_tax",
    "tip_amount",
    "tolls_amount",
    "improvement_surcharge",
    "congestion_surcharge",
    "total_amount",
]

# Declared, never inferred: an older file has no surcharge, and a file without values has no type.
COLUMNS = {
    "PULocationID": "bigint",
    "DOLocationID": "bigint",
    "passenger_count": "bigint",
    "trip_distance": "double",
    **{amount: "double" for amount in AMOUNTS},
}


def read(spark: SparkSession, lake: str, dataset: str, columns: dict[str, str]) -> DataFrame:
    """The files of a data set; no rows if it is not ingested yet."""
    schema = ", ".join(f"`{name}` {kind}" for name, kind in columns.items())
    try:
        return spark.read.schema(schema).parquet(f"{lake}/raw/{dataset}").select(*columns)
    except AnalysisException as error:
        if error.getErrorClass() != "PATH_NOT_FOUND":
            raise
        print(f"{dataset} is not in the lake: it has no rows", flush=True)
        return spark.range(0).select(*[F.lit(None).cast(kind).alias(name) for name, kind in columns.items()])


def trips_of(spark: SparkSession, lake: str, service: str, pickup: str) -> DataFrame:
    trips = read(spark, lake, f"{service.lower()}_tripdata", {pickup: "timestamp_ntz", **COLUMNS})
    return trips.withColumnRenamed(pickup, "pickup_datetime").withColumn("service_type", F.lit(service))


def revenue_of(trips: DataFrame, zones: DataFrame) -> DataFrame:
    """One row per zone, month and service: the trips between known zones, as in `core.dm_monthly_zone_revenue`."""
    known = zones.where("Borough not in ('Unknown', 'N/A')")
    pickup = known.select(
        F.col("LocationID").alias("PULocationID"),
        F.col("Zone").alias("revenue_zone"),
        F.col("Borough").alias("revenue_borough"),
    )
    dropoff = known.select(F.col("LocationID").alias("DOLocationID"))
    return (
        trips.join(F.broadcast(pickup), "PULocationID")
        .join(F.broadcast(dropoff), "DOLocationID")
        .groupBy(
            F.col("PULocationID").alias("location_id"),
            "revenue_zone",
            "revenue_borough",
            F.trunc("pickup_datetime", "month").alias("revenue_month"),
            "service_type",
        )
        .agg(
            *[total(amount) for amount in AMOUNTS],
            F.count("*").alias("total_monthly_trips"),
            average("passenger_count"),
            average("trip_distance"),
        )
    )


def total(amount: str) -> F.Column:
    name = amount if amount in ("tip_amount", "tolls_amount", "total_amount") else amount.removesuffix("_amount")
    return F.sum(F.col(amount).cast(MONEY)).alias(f"revenue_monthly_{name}")


def average(column: str) -> F.Column:
    exact = F.sum(F.col(column).cast(MONEY)).cast("double") / F.count(column)
    return F.round(exact, 6).alias(f"avg_monthly_{column}")


def write(revenue: DataFrame, output: str, months: list[str] | None) -> None:
    """Replaces all months, or exactly these. Each has one sorted file, which is empty if the month has no trips."""
    label = F.date_format("revenue_month", "yyyy-MM")
    if months is None:
        by_month = revenue.withColumn("month", label).repartition("month")
        ordered = by_month.sortWithinPartitions("month", "location_id", "service_type")
        ordered.write.mode("overwrite").partitionBy("month").parquet(output)
        return
    revenue = revenue.cache()
    for month in months:
        of_month = revenue.where(label == month).coalesce(1).sortWithinPartitions("location_id", "service_type")
        of_month.write.mode("overwrite").parquet(f"{output}/month={month}")


def months_between(first: str, last: str) -> list[str]:
    year, month = (int(part) for part in first.split("-"))
    months = []
    while (label := f"{year:04}-{month:02}") <= last:
        months.append(label)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return months


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lake", required=True, help="folder or gs://<bucket> of the lake")
    parser.add_argument("--output", required=True, help="folder of the result")
    parser.add_argument("--from", dest="first", metavar="MONTH", help="first month, for example 2019-01")
    parser.add_argument("--to", dest="last", metavar="MONTH", help="last month")
    options = parser.parse_args(arguments)
    if (options.first is None) != (options.last is None):
        parser.error("use --from and --to together")
    months = None if options.first is None else months_between(options.first, options.last)

    spark = (
        SparkSession.builder.appName("revenue")
        .config("spark.sql.session.timeZone", "UTC")
        # Few rows, so few tasks, in what is cached too.
        .config("spark.sql.optimizer.canChangeCachedPlanOutputPartitioning", "true")
        .getOrCreate()
    )
    try:
        trips = trips_of(spark, options.lake, "Green", "lpep_pickup_datetime").unionByName(
            trips_of(spark, options.lake, "Yellow", "tpep_pickup_datetime")
        )
        if months is not None:
            first, last = F.lit(f"{months[0]}-01").cast("date"), F.lit(f"{months[-1]}-01").cast("date")
            pickup = F.col("pickup_datetime")
            trips = trips.where((pickup >= first) & (pickup < F.add_months(last, 1)))
        zones = read(
            spark, options.lake, "taxi_zones", {"LocationID": "bigint", "Borough": "string", "Zone": "string"}
        )
        write(revenue_of(trips, zones), options.output, months)
    finally:
        spark.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
