import { join, resolve } from "node:path";
import * as z from "zod/mini";
import { exitCodes, type FailureKind } from "../../dataset";
import type { Cleanups } from "../../job/cleanups";
import { Failure } from "../../job/failure";
import { runProgram } from "../../programs/program";
import type { Spark } from "../../spark/driver/environment";
import { deadLetterTopic, ridesTopic } from "../topics";

/** What runs the sink. */
export interface SinkProgram {
  readonly spark: Spark;
  /** Folder of the Java archives of Spark's connector to Kafka. */
  readonly connector: string;
}

export interface SinkRequest {
  /** Address of the broker. */
  readonly address: string;
  readonly clusterId: string;
  /** Folder of the stream in the lake. */
  readonly folder: string;
  /** Messages of a batch at most. @default - the program's */
  readonly batchSize?: number;
}

const eventShape = z.discriminatedUnion("event", [
  z.object({ event: z.literal("ready") }),
  z.object({ event: z.literal("batch"), batch: z.number(), messages: z.number(), rejected: z.number() }),
  z.object({ event: z.literal("day"), day: z.string(), rides: z.number() }),
  z.object({ event: z.literal("done"), days: z.array(z.string()) }),
  z.object({ event: z.literal("failed"), exitCode: z.number(), message: z.string() }),
]);

/** A line that the sink prints. */
export type SinkEvent = z.infer<typeof eventShape>;

/**
 * Runs the sink until it has read all messages of the topic.
 *
 * @param onEvent called when Spark is ready, and after each batch and day
 * @param cleanups ends the sink when the process is stopped
 * @returns the days on which rides have arrived
 * @throws Failure with the exit code of the sink
 */
export async function runSink(
  { spark, connector }: SinkProgram,
  { address, clusterId, folder, batchSize }: SinkRequest,
  onEvent: (event: SinkEvent) => void,
  cleanups?: Cleanups,
): Promise<readonly string[]> {
  let last: SinkEvent | undefined;
  const { args, env } = sinkCommand(
    { spark, connector },
    { address, clusterId, folder, ...(batchSize && { batchSize }) },
  );
  const ended = await runProgram(spark.python, [sinkScript, ...args], {
    env,
    onLine: (line) => {
      const event = eventIn(line);
      if (event === undefined) return;
      last = event;
      onEvent(event);
    },
    onStart: (child) =>
      cleanups?.add(async () => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        // What it has begun is repeated by the next run, so that nothing has to be completed.
        child.kill("SIGTERM");
        const late = setTimeout(() => child.kill("SIGKILL"), 5000);
        await new Promise((closed) => child.once("close", closed));
        clearTimeout(late);
      }),
  });
  if (last?.event === "done" && ended.exitCode === 0) return last.days;
  if (last?.event === "failed") throw new Failure(kindOf(last.exitCode), last.message);
  const cause = ended.stderr.trim().split("\n").at(-1) ?? "";
  throw new Failure("permanent", `Spark failed with exit code ${ended.exitCode}: ${cause}`);
}

/** The sink. */
const sinkScript = join("streaming", "sink", "sink.py");

/** Arguments and environment of the sink. */
export function sinkCommand(
  { spark, connector }: SinkProgram,
  { address, clusterId, folder, batchSize }: SinkRequest,
): { readonly args: readonly string[]; readonly env: NodeJS.ProcessEnv } {
  const args = [
    ...["--brokers", address, "--cluster", clusterId, "--folder", resolve(folder)],
    ...["--topic", ridesTopic, "--dead-letters", deadLetterTopic],
    ...(batchSize === undefined ? [] : ["--batch-size", String(batchSize)]),
  ];
  return { args, env: sinkEnvironment(spark.env, connector) };
}

/** One machine: two threads, and no page that shows the jobs. */
function sinkEnvironment(env: NodeJS.ProcessEnv, connector: string): NodeJS.ProcessEnv {
  const settings = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.driver.extraJavaOptions": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
  };
  const options = Object.entries(settings).map(([name, value]) => `--conf "${name}=${value}"`);
  return {
    ...env,
    // The workers read messages with the modules next to the program.
    PYTHONPATH: resolve("streaming", "sink"),
    PYSPARK_SUBMIT_ARGS: [
      ...["--master", "local[2]", "--driver-memory", "768m"],
      ...["--driver-class-path", `"${join(resolve(connector), "*")}"`],
      ...options,
      "pyspark-shell",
    ].join(" "),
  };
}

function eventIn(line: string): SinkEvent | undefined {
  try {
    return eventShape.safeParse(JSON.parse(line)).data;
  } catch {
    // Not an event: a message of Spark.
    return undefined;
  }
}

function kindOf(exitCode: number): FailureKind {
  const kinds: readonly FailureKind[] = ["permanent", "retryable", "integrity", "drift"];
  return kinds.find((kind) => exitCodes[kind].code === exitCode) ?? "permanent";
}
