import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cache } from "../../programs/cache";
import { findJava } from "../../programs/java";
import { findSpark } from "../../spark/driver/environment";
import { clusterId } from "../../streaming/broker/answers";
import { connectionTo } from "../../streaming/broker/connection";
import { type BrokerProgram, type RunningBroker, startBroker } from "../../streaming/broker/server";
import { findJars } from "../../streaming/install/jars";
import { connectorJars, kafkaJars, kafkaJava } from "../../streaming/install/kafka";
import type { Ride } from "../../streaming/ride";
import { runSink, sinkCommand, type SinkEvent, type SinkProgram } from "../../streaming/sink/run";
import { ridesTopic } from "../../streaming/topics";

/** What runs a broker, or why there is none. */
export function foundBroker(): { readonly program?: BrokerProgram; readonly reason?: string } {
  const java = findJava(kafkaJars.title, kafkaJava);
  if (java.kind === "missing") return { reason: java.reason };
  const jars = findJars(cache, kafkaJars);
  if (jars.kind === "missing") return { reason: jars.reason };
  return { program: { java: java.java, jars: jars.place.folder } };
}

/** What runs the sink, or why there is none. */
export function foundSink(): { readonly program?: SinkProgram; readonly reason?: string } {
  const spark = findSpark();
  if (spark.kind === "missing") return { reason: spark.reason };
  const jars = findJars(cache, connectorJars);
  if (jars.kind === "missing") return { reason: jars.reason };
  return { program: { spark: spark.spark, connector: jars.place.folder } };
}

/** A broker that can be killed, and is then found again at its address. */
export class TestBroker {
  private running: RunningBroker | undefined;

  constructor(
    private readonly folder: string,
    private readonly program: BrokerProgram,
  ) {}

  get address(): string {
    return this.running?.address ?? "";
  }

  async start(): Promise<void> {
    this.running = await startBroker(this.folder, this.program);
  }

  async kill(): Promise<void> {
    process.kill(this.running?.pid ?? 0, "SIGKILL");
    await sleep(200);
  }

  async killAndStart(): Promise<void> {
    const before = this.address;
    await this.kill();
    await this.start();
    expect(this.address).toBe(before);
  }

  async stop(): Promise<void> {
    await this.running?.stop();
  }
}

/** Runs the sink of the project. */
export async function sinkOnce(
  program: SinkProgram,
  address: string,
  folder: string,
  batchSize: number,
  onEvent: (event: SinkEvent) => void = () => undefined,
): Promise<readonly string[]> {
  return runSink(program, { address, clusterId: await clusterId(address), folder, batchSize }, onEvent);
}

/**
 * Runs the sink in a process group of its own, and kills all of it at a point; see killed_sink.py.
 *
 * @throws Error when it has ended in another way
 */
export async function killSink(
  program: SinkProgram,
  address: string,
  folder: string,
  batchSize: number,
  point: string,
): Promise<void> {
  const { args, env } = sinkCommand(program, {
    address,
    clusterId: await clusterId(address),
    folder,
    batchSize,
  });
  const script = join("__tests__", "streaming", "killed_sink.py");
  const child = spawn(program.spark.python, [script, point, ...args], { env, detached: true, stdio: "pipe" });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  const signal = await new Promise((closed) =>
    child.once("close", (_, name) => {
      closed(name);
    }),
  );
  if (signal !== "SIGKILL") throw new Error(`the sink was not killed at ${point}:\n${output}`);
}

/** All messages of a topic, with their keys and headers. */
export async function messagesOf(
  address: string,
  topic: string,
): Promise<readonly { readonly key: string; readonly value: string; readonly reason: string }[]> {
  const kafka = connectionTo(address);
  const admin = kafka.admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const open = new Map(offsets.map(({ partition, high }) => [partition, Number(high)]));
  for (const [partition, high] of open) if (high === 0) open.delete(partition);
  const found: { key: string; value: string; reason: string }[] = [];
  if (open.size === 0) return found;
  const consumer = kafka.consumer({ groupId: `test-${Math.random()}` });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((resolve) => {
    void consumer.run({
      autoCommit: false,
      eachMessage: ({ partition, message }) => {
        found.push({
          key: message.key?.toString() ?? "",
          value: message.value?.toString() ?? "",
          reason: message.headers?.["reason"]?.toString() ?? "",
        });
        if (Number(message.offset) + 1 >= (open.get(partition) ?? 0)) open.delete(partition);
        if (open.size === 0) resolve();
        return Promise.resolve();
      },
    });
  });
  await consumer.disconnect();
  return found;
}

/** Appends messages to the topic of rides as they are. */
export async function append(address: string, values: readonly string[]): Promise<void> {
  const producer = connectionTo(address).producer();
  await producer.connect();
  await producer.send({
    topic: ridesTopic,
    acks: -1,
    messages: values.map((value) => ({ value, partition: 0 })),
  });
  await producer.disconnect();
}

/** The rides of the topic, in the order of their partitions. */
export async function ridesIn(address: string): Promise<readonly Ride[]> {
  return (await messagesOf(address, ridesTopic)).map(({ value }) => JSON.parse(value) as Ride);
}
