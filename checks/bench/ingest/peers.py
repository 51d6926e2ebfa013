"""peers.py PEER SOURCE TARGET: one month from csv.gz to a Parquet file, as each library's documentation does it.

Columns and types are declared everywhere; nobody infers anything. Prints what the process took.
"""
import json
import resource
import sys

peer, source, target = sys.argv[1:4]
TIMES = ["tpep_pickup_datetime", "tpep_dropoff_datetime"]
WHOLE = ["VendorID", "passenger_count", "RatecodeID", "PULocationID", "DOLocationID", "payment_type"]
TEXTS = ["store_and_fwd_flag"]
NAMES = (
    "VendorID,tpep_pickup_datetime,tpep_dropoff_datetime,passenger_count,trip_distance,RatecodeID,"
    "store_and_fwd_flag,PULocationID,DOLocationID,payment_type,fare_amount,extra,mta_tax,tip_amount,"
    "tolls_amount,improvement_surcharge,total_amount,congestion_surcharge"
).split(",")


def typed(time, whole, text, number):
    return {n: time if n in TIMES else whole if n in WHOLE else text if n in TEXTS else number for n in NAMES}


def polars():
    import polars as pl

    schema = typed(pl.Datetime("us"), pl.Int64, pl.String, pl.Float64)
    pl.scan_csv(source, schema=schema).sink_parquet(target, compression="zstd")


def duckdb():
    import duckdb

    columns = typed("TIMESTAMP", "BIGINT", "VARCHAR", "DOUBLE")
    duckdb.execute("SET threads = 2")
    duckdb.execute(
        f"COPY (SELECT * FROM read_csv('{source}', header = true, auto_detect = false, delim = ',', quote = '\"', "
        f"columns = {columns})) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
    )


def pyarrow():
    import pyarrow as pa
    from pyarrow import csv, parquet

    types = typed(pa.timestamp("us"), pa.int64(), pa.string(), pa.float64())
    with csv.open_csv(source, convert_options=csv.ConvertOptions(column_types=types)) as reader:
        with parquet.ParquetWriter(target, reader.schema, compression="zstd") as writer:
            for batch in reader:
                writer.write_batch(batch)


def pandas():
    import pandas as pd

    types = {n: t for n, t in typed(None, "Int64", "string", "float64").items() if t}
    pd.read_csv(source, dtype=types, parse_dates=TIMES).to_parquet(target, compression="zstd")


def course():
    """Chunks of 100,000 rows, as in many tutorials for this data set; types are inferred."""
    import pandas as pd
    import pyarrow as pa
    from pyarrow import parquet

    writer = None
    for chunk in pd.read_csv(source, iterator=True, chunksize=100_000):
        for name in TIMES:
            chunk[name] = pd.to_datetime(chunk[name])
        table = pa.Table.from_pandas(chunk, preserve_index=False)
        writer = writer or parquet.ParquetWriter(target, table.schema)
        writer.write_table(table.cast(writer.schema))
    writer.close()


{"polars": polars, "duckdb": duckdb, "pyarrow": pyarrow, "pandas": pandas, "course": course}[peer]()
from_start = resource.getrusage(resource.RUSAGE_SELF)
# ru_maxrss includes the memory of the parent process at the fork.
with_own = [line for line in open("/proc/self/status") if line.startswith("VmHWM")] if sys.platform == "linux" else []
kibibytes = int(with_own[0].split()[1]) if with_own else from_start.ru_maxrss / 1024
print(
    json.dumps(
        {"processorSeconds": from_start.ru_utime + from_start.ru_stime, "megabytes": kibibytes * 1024 / 1e6}
    )
)
