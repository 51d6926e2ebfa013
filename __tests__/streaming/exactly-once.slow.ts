/**
 * Exactly once: whatever is killed between two steps, each ride is in the lake once.
 *
 * The short form kills at the points where something could be lost or doubled; STREAM_POINTS=all kills at each, and
 * restarts the broker after each (npm run soak -- stream).
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { ridesModels } from "../../streaming/catalog/models";
import { Home } from "../../job/home";
import { queryRows } from "../../job/engine/rows";
import { produce } from "../../streaming/produce/produce";
import { replay } from "../../streaming/produce/replay";
import { tripSource } from "../../streaming/produce/trips";
import yellow from "../../tour/catalog/yellow_tripdata";
import { createTopics, deadLetterTopic } from "../../streaming/topics";
import { Windows } from "../../streaming/windows";
import { describeUnless } from "../support/unless";
import { append, foundBroker, foundSink, killSink, messagesOf, sinkOnce, TestBroker } from "./support";

const rides = 20_000;
const batchSize = 9_000;

/**
 * In the order in which runs come to them: each run is killed at the next point. There are three batches, and the messages
 * that are not rides are in the last one.
 */
const points = [
  "before:check_origin:1",
  "after:check_origin:1",
  "before:write_rides:1",
  "after:write_rides:1",
  "after:write_rejects:1",
  "after:write_batch:1",
  // Now the first batch is committed.
  "before:write_batch:2",
  "after:write_rides:1",
  "after:write_dead_letters:1",
  "after:consume:1",
  "before:publish_day:1",
  "before:Folder.replace:1",
  "after:Folder.replace:1",
  "after:publish_day:1",
];
const decisive = ["after:write_rides:1", "after:write_dead_letters:1", "before:Folder.replace:1"];

const broker = foundBroker();
const sink = foundSink();
const reason = broker.reason ?? sink.reason;

describeUnless(reason)("a sink and a broker that are killed", () => {
  let folder: string;
  let server: TestBroker;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "tributary-stream-"));
    if (broker.program === undefined) return;
    server = new TestBroker(join(folder, "kafka"), broker.program);
    await server.start();
    await createTopics(server.address);
  }, 120_000);
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }, 60_000);

  test("20,000 rides are sent, and 20,000 different ones are there, in the windows that are counted apart", async () => {
    if (sink.program === undefined) throw new Error("unreachable");
    const source = await tripSource(new Home(join(folder, "empty")), yellow);
    const options = { name: source.name, limit: rides, late: 0.05 };
    const windows = new Windows();
    for await (const { ride } of replay(source.trips(), options)) windows.add(ride);

    await produce(
      { address: server.address, name: source.name, rides: replay(source.trips(), options) },
      () => undefined,
    );
    // What has another form, in the first batch and after it.
    await append(server.address, [
      '{"ride_id":"new","vendor_id":9,"zone":4}',
      '{"vendor_id":"two"}',
      "not JSON",
    ]);

    const stream = join(folder, "lake", "rides");
    for (const point of process.env["STREAM_POINTS"] === "all" ? points : decisive) {
      await killSink(sink.program, server.address, stream, batchSize, point);
      await server.killAndStart();
    }
    const days = await sinkOnce(sink.program, server.address, stream, batchSize);
    const files = days.map((day) => join(stream, "days", `rides_${day}.parquet`));

    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    await connection.run("CREATE SCHEMA core");
    const list = files.map((file) => `'${file}'`).join(", ");
    await connection.run(`CREATE VIEW rides AS SELECT * FROM read_parquet([${list}])`);
    const [counts] = await queryRows(
      connection,
      `SELECT count(*) AS all, count(DISTINCT ride_id) AS ids, count(DISTINCT (topic_partition, topic_offset)) AS places
       FROM rides WHERE ride_id LIKE '${source.name}/%'`,
    );
    expect(counts).toEqual({ all: String(rides), ids: String(rides), places: String(rides) });
    for (const { name, sql } of ridesModels)
      await connection.run(
        `CREATE VIEW core.${name} AS ${sql("rides", (column) => `date_trunc('minute', ${column})`)}`,
      );
    const found = await queryRows(
      connection,
      "SELECT vendor_id || ' ' || window_start || ' ' || rides || ' ' || (total_amount * 100)::BIGINT AS text FROM core.rides_per_minute",
    );
    const expected = [...windows].map(
      ({ vendor, start, rides: count, cents }) => `${vendor ?? ""} ${start} ${count} ${cents}`,
    );
    expect(found.map(({ text }) => String(text)).sort()).toEqual(expected.sort());
    const [branch] = await queryRows(
      connection,
      "SELECT count(*) AS n FROM core.rides_by_branch WHERE branch = 'from_40'",
    );
    expect(Number(branch?.["n"])).toBe(windows.from40);

    const [evolved] = await queryRows(
      connection,
      "SELECT vendor_id, passenger_count, pickup_datetime, other_fields FROM rides WHERE ride_id = 'new'",
    );
    expect(evolved).toEqual({
      vendor_id: "9",
      passenger_count: null,
      pickup_datetime: null,
      other_fields: '{"zone": 4}',
    });
    connection.closeSync();
    instance.closeSync();

    // The topic of dead letters may have a message more than once, under the same key; the lake has each once.
    const letters = new Map(
      (await messagesOf(server.address, deadLetterTopic)).map((each) => [each.key, each]),
    );
    expect([...letters.values()].map(({ value, reason: text }) => [value, text.slice(0, 40)]).sort()).toEqual(
      [
        ["not JSON", "the message is not valid JSON: Expecting"],
        ['{"vendor_id":"two"}', 'vendor_id: "two" is not an integer'],
      ],
    );
    const rejected = readdirSync(join(stream, "rejects"), { recursive: true, encoding: "utf8" })
      .filter((name) => /part-[^/]*\.json$/.test(name))
      .flatMap((name) =>
        readFileSync(join(stream, "rejects", name), "utf8")
          .trim()
          .split("\n"),
      );
    expect(rejected).toHaveLength(2);
    // Nothing is left of the runs that were killed.
    expect(readdirSync(join(stream, "days")).filter((name) => /draft/.test(name))).toEqual([]);
  }, 3_600_000);
});
