"""The sink: writes the rides of a topic to the lake, each exactly once, and ends when it has read all of them.

A program of Spark Structured Streaming, the same on a laptop and in the cloud. Below the folder of the stream:

    checkpoint/                      what has been read: Spark's record, written before and after each batch
    batches/batch=00000000/day=.../  the rides of a batch by day of arrival; a batch that is repeated replaces its folder
    rejects/batch=00000000/          messages that are not rides, with the reason
    days/rides_2026-01-31.parquet    all rides that arrived on a day: the source of that period of the data set
    days/rides_2026-01-31.json       the batches that are in that file
    stream.json                      the cluster and the topic that the checkpoint is about

If the program is killed, the next run repeats the last batch with the same messages, and the days that lack a batch.
"""

import argparse
import json
import sys
from typing import Any, Iterable, NamedTuple, Optional

from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f
from pyspark.sql import types as t

import ride

# Exit codes of the project.
PERMANENT, RETRYABLE, INTEGRITY = 1, 2, 3

columns = t.StructType(
    [
        t.StructField("ride_id", t.StringType()),
        t.StructField("vendor_id", t.LongType()),
        t.StructField("passenger_count", t.LongType()),
        t.StructField("trip_distance", t.DoubleType()),
        t.StructField("payment_type", t.LongType()),
        t.StructField("total_amount", t.DecimalType(38, 9)),
        t.StructField("pickup_datetime", t.TimestampNTZType()),
        t.StructField("other_fields", t.StringType()),
    ]
)
read_type = t.StructType([*columns.fields, t.StructField("reason", t.StringType())])


class Stopped(Exception):
    """Why the sink does not continue."""

    def __init__(self, exit_code: int, message: str) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class Request(NamedTuple):
    """What to read, and where to write it."""

    brokers: str
    topic: str
    dead_letters: str
    folder: str
    cluster: str
    batch_size: int
    group_prefix: str
    options: "dict[str, str]"


def main(arguments: "list[str]") -> int:
    request = parse_arguments(arguments)
    spark = (
        SparkSession.builder.appName(f"sink of {request.topic}")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
        .config("spark.sql.sources.partitionColumnTypeInference.enabled", "false")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("OFF")
    say("ready")
    try:
        folder = Folder(spark, request.folder)
        check_origin(folder, request)
        consume(spark, request)
        days = publish_days(spark, folder, request.topic)
        say("done", days=days)
        return 0
    except Stopped as stopped:
        return fail(stopped.exit_code, str(stopped))
    except Exception as error:  # Spark raises whatever the JVM or Python did.
        return fail(*reason_of(error, request))
    finally:
        spark.stop()


def parse_arguments(arguments: "list[str]") -> Request:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--brokers", required=True, help="host:port, several separated by commas")
    parser.add_argument("--topic", required=True)
    parser.add_argument("--dead-letters", required=True, help="topic for messages that are not rides")
    parser.add_argument("--folder", required=True, help="folder of the stream in the lake, or gs://bucket/folder")
    parser.add_argument("--cluster", required=True, help="id of the Kafka cluster")
    parser.add_argument("--batch-size", type=int, default=200_000, help="messages of a batch at most")
    parser.add_argument("--group-prefix", default="rides-sink", help="start of the names of consumer groups")
    parser.add_argument("--option", action="append", default=[], help="setting of the client, name=value")
    found = parser.parse_args(arguments)
    options = {f"kafka.{name}": value for name, _, value in (each.partition("=") for each in found.option)}
    return Request(
        found.brokers,
        found.topic,
        found.dead_letters,
        found.folder,
        found.cluster,
        found.batch_size,
        found.group_prefix,
        options,
    )


def check_origin(folder: "Folder", request: Request) -> None:
    """Refuses to continue a checkpoint with other messages than it is about."""
    origin = {"cluster": request.cluster, "topic": request.topic}
    text = folder.read("stream.json")
    before = json.loads(text) if text is not None else None
    if before is not None and before != origin:
        raise Stopped(
            PERMANENT,
            f"{folder.path} has the rides of topic {before['topic']} of cluster {before['cluster']}, but the broker's "
            f"cluster is {request.cluster}: use that broker, or move {folder.path} away",
        )
    if folder.names("batches") and not folder.names("checkpoint/commits"):
        # A checkpoint without a commit is complete only if the first batch was never committed.
        if not folder.names("checkpoint/offsets"):
            raise Stopped(
                INTEGRITY,
                f"{folder.path} has batches but no checkpoint: which messages were read is unknown; restore the "
                "checkpoint, or move the folder away to read the topic from its start",
            )
    if before is None:
        folder.write("stream.json", json.dumps(origin))


def consume(spark: SparkSession, request: Request) -> None:
    """Reads all messages there are in batches, and writes each batch."""
    client = {"kafka.bootstrap.servers": request.brokers, **request.options}
    messages = (
        spark.readStream.format("kafka")
        .options(**client)
        .option("kafka.default.api.timeout.ms", "30000")
        .option("subscribe", request.topic)
        .option("groupIdPrefix", request.group_prefix)
        .option("startingOffsets", "earliest")
        # A message that the broker does not have any more is an error, not a smaller result.
        .option("failOnDataLoss", "true")
        .option("maxOffsetsPerTrigger", request.batch_size)
        .load()
    )
    query = (
        messages.writeStream.trigger(availableNow=True)
        .option("checkpointLocation", f"{request.folder}/checkpoint")
        .foreachBatch(lambda batch, number: write_batch(batch, number, request, client))
        .start()
    )
    query.awaitTermination()


def write_batch(batch: DataFrame, number: int, request: Request, client: "dict[str, str]") -> None:
    """Writes a batch. If it is repeated, the result is the same."""
    read = f.udf(read_message, read_type)
    messages = batch.select(
        read("value").alias("read"),
        "value",
        f.col("timestamp").alias("arrived_at"),
        f.col("partition").cast("bigint").alias("topic_partition"),
        f.col("offset").alias("topic_offset"),
    ).persist()
    try:
        write_rides(messages, f"{request.folder}/batches/batch={number:08d}")
        rejected = write_rejects(messages, f"{request.folder}/rejects/batch={number:08d}")
        if rejected > 0:
            write_dead_letters(messages, request, client)
        say("batch", batch=number, messages=messages.count(), rejected=rejected)
    finally:
        messages.unpersist()


def read_message(value: Optional[bytes]) -> "tuple":
    try:
        return (*ride.parse(value), None)
    except ride.NotARide as error:
        return (*[None] * len(columns), str(error))


def write_rides(messages: DataFrame, folder: str) -> None:
    (
        messages.where("read.reason is null")
        .select(
            *[f"read.{name}" for name in columns.names],
            "arrived_at",
            "topic_partition",
            "topic_offset",
            f.date_format("arrived_at", "yyyy-MM-dd").alias("day"),
        )
        .write.mode("overwrite")
        .partitionBy("day")
        .parquet(folder)
    )


def write_rejects(messages: DataFrame, folder: str) -> int:
    rejects = messages.where("read.reason is not null").select(
        "topic_partition", "topic_offset", "arrived_at", "read.reason", f.col("value").cast("string").alias("message")
    )
    count = rejects.count()
    if count > 0:
        rejects.coalesce(1).write.mode("overwrite").json(folder)
    return count


def write_dead_letters(messages: DataFrame, request: Request, client: "dict[str, str]") -> None:
    """The key is the place of the message: of a repeated batch, compaction leaves one message each."""
    header = f.struct(f.lit("reason").alias("key"), f.encode("read.reason", "UTF-8").alias("value"))
    place = [f.lit(request.topic), f.col("topic_partition"), f.col("topic_offset")]
    (
        messages.where("read.reason is not null")
        .select(f.concat_ws("/", *place).alias("key"), "value", f.array(header).alias("headers"))
        .write.format("kafka")
        .options(**client)
        .option("topic", request.dead_letters)
        .option("includeHeaders", "true")
        .save()
    )


def publish_days(spark: SparkSession, folder: "Folder", topic: str) -> "list[str]":
    """Merges the batches of each day that has new ones into its file.

    Returns the days that have a file, and whose periods the caller loads: a period that is loaded is skipped there.
    """
    batches = batches_by_day(folder)
    for day, numbers in sorted(batches.items()):
        text = folder.read(f"days/{topic}_{day}.json")
        before = json.loads(text)["batches"] if text is not None else []
        lost = sorted(set(before) - set(numbers))
        if lost:
            raise Stopped(
                INTEGRITY, f"batch {lost[0]} of {day} is not in {folder.path}/batches any more: restore its folder"
            )
        if before != numbers or not folder.exists(f"days/{topic}_{day}.parquet"):
            publish_day(spark, folder, f"{topic}_{day}", day, numbers)
    return sorted(batches)


def publish_day(spark: SparkSession, folder: "Folder", name: str, day: str, numbers: "list[str]") -> None:
    rides = spark.read.parquet(*[f"{folder.path}/batches/{number}/day={day}" for number in numbers])
    count, distinct = rides.select(
        f.count("*"), f.count_distinct(f.struct("topic_partition", "topic_offset"))
    ).first()
    if count != distinct:
        raise Stopped(INTEGRITY, f"the batches of {day} have {count} rides, but only {distinct} different messages")
    draft = f"days/_draft_{day}"
    # One file, in one order: the same rides give the same bytes, and an unchanged period is not loaded again.
    rides.repartition(1).sortWithinPartitions("topic_partition", "topic_offset").write.mode("overwrite").parquet(
        f"{folder.path}/{draft}"
    )
    [part] = [each for each in folder.names(draft) if each.startswith("part-")]
    folder.replace(f"{draft}/{part}", f"days/{name}.parquet")
    folder.write(f"days/{name}.json", json.dumps({"batches": numbers, "rides": count}))
    folder.remove(draft)
    say("day", day=day, rides=count)


def batches_by_day(folder: "Folder") -> "dict[str, list[str]]":
    """Names of the batches' folders, by day."""
    found: "dict[str, list[str]]" = {}
    for batch in sorted(folder.names("batches")):
        for day in folder.names(f"batches/{batch}"):
            if day.startswith("day="):
                found.setdefault(day[len("day=") :], []).append(batch)
    return found


class Folder:
    """The folder of the stream, on a disk or in a bucket, as Hadoop sees it."""

    def __init__(self, spark: SparkSession, path: str) -> None:
        self.path = path
        self._jvm: Any = spark._jvm
        self._files = self._path("").getFileSystem(spark._jsc.hadoopConfiguration())

    def names(self, name: str) -> "list[str]":
        """Names in a folder; none if it does not exist. Hidden files are checksums."""
        if not self.exists(name):
            return []
        names: Iterable[str] = (each.getPath().getName() for each in self._files.listStatus(self._path(name)))
        return [each for each in names if not each.startswith((".", "_"))]

    def exists(self, name: str) -> bool:
        return bool(self._files.exists(self._path(name)))

    def read(self, name: str) -> Optional[str]:
        if not self.exists(name):
            return None
        stream = self._files.open(self._path(name))
        try:
            return bytes(stream.readAllBytes()).decode("utf-8")
        finally:
            stream.close()

    def write(self, name: str, text: str) -> None:
        draft = f"{name}.draft"
        stream = self._files.create(self._path(draft), True)
        stream.write(bytearray(text.encode("utf-8")))
        stream.close()
        self.replace(draft, name)

    def replace(self, draft: str, name: str) -> None:
        """Moves a complete file to its place. If the program is killed in between, the file is missing, not partial."""
        self._files.delete(self._path(name), False)
        if not self._files.rename(self._path(draft), self._path(name)):
            raise OSError(f"{self.path}/{draft} cannot be renamed to {name}")

    def remove(self, name: str) -> None:
        self._files.delete(self._path(name), True)

    def _path(self, name: str) -> Any:
        return self._jvm.org.apache.hadoop.fs.Path(f"{self.path}/{name}" if name else self.path)


def reason_of(error: Exception, request: Request) -> "tuple[int, str]":
    text = str(error)
    if "No space left on device" in text or "Disk quota exceeded" in text:
        return RETRYABLE, f"the disk of {request.folder} is full; make room, then run the same command again"
    if "may have been lost" in text or "was changed from" in text or "OffsetOutOfRange" in text:
        return INTEGRITY, (
            f"topic {request.topic} of {request.brokers} does not have messages any more that the checkpoint in "
            f"{request.folder} has not read: {first_line(text)}"
        )
    if any(each in text for each in ("TimeoutException", "Timeout of", "DisconnectException", "Connection refused")):
        return RETRYABLE, f"broker {request.brokers} does not answer: {first_line(text)}; run the same command again"
    return PERMANENT, first_line(text)


def first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "no reason was given")[:400]


def say(event: str, **values: Any) -> None:
    """One line of JSON on standard output: the interface for the program that starts this one."""
    print(json.dumps({"event": event, **values}), flush=True)


def fail(exit_code: int, message: str) -> int:
    say("failed", exitCode=exit_code, message=message)
    return exit_code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
