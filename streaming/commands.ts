import { setTimeout as sleep } from "node:timers/promises";
import type { Cleanups } from "../job/cleanups";
import { Failure } from "../job/failure";
import type { Home } from "../job/home";
import { countText, secondsText } from "../job/text";
import { answers, clusterId } from "./broker/answers";
import { startBroker, whyBrokerEnded } from "./broker/server";
import { brokerProgram, sinkProgram } from "./install/programs";
import { createModels, loadDays, streamFolder } from "./load";
import { produce, type Produced } from "./produce/produce";
import { replay, type ReplayOptions } from "./produce/replay";
import { tripSource, type TripSource } from "./produce/trips";
import type { Ride } from "./ride";
import { runSink } from "./sink/run";
import yellow from "../tour/catalog/yellow_tripdata";
import { createTopics, ridesTopic } from "./topics";
import type { View } from "./view/view";

/** What all commands need. */
export interface Context {
  readonly home: Home;
  readonly view: View;
  readonly cleanups: Cleanups;
}

/** A broker, and why it has ended if it does not answer any more. */
export interface Broker {
  /** `host:port` */
  readonly address: string;
  readonly whyEnded: () => Promise<Failure | undefined>;
}

/**
 * The broker of a command: the one at an address, or the one of the home, which is started if it does not run, and
 * stopped at the end of the command.
 *
 * @param address `host:port`. @default - the broker of the home
 * @throws Failure when there is no broker and none can be started
 */
export async function brokerFor({ home, view, cleanups }: Context, address?: string): Promise<Broker> {
  if (address !== undefined) {
    if (!(await answers(address)))
      throw new Failure("retryable", `broker ${address} does not answer; check the address of --broker`);
    await createTopics(address);
    return { address, whyEnded: () => Promise.resolve(undefined) };
  }
  const program = await brokerProgram(view);
  const started = performance.now();
  const broker = await startBroker(home.broker, program, (state) => {
    if (state === "formatting") view.line(`  · Formatting ${home.broker} for a new broker`);
  });
  cleanups.add(broker.stop);
  await createTopics(broker.address);
  const took = secondsText((performance.now() - started) / 1000);
  view.line(
    `  ✓ broker     ${took.padStart(8)}  ${broker.address}${broker.joined ? ", which was running" : ""}`,
  );
  return { address: broker.address, whyEnded: () => whyBrokerEnded(home.broker) };
}

/** Waits until the broker ends: by Ctrl-C, or for another reason, which is thrown. */
export async function watch({ whyEnded }: Broker): Promise<never> {
  for (;;) {
    await sleep(1000);
    const failure = await whyEnded();
    if (failure !== undefined) throw failure;
  }
}

/** What to replay, and how. */
export interface ReplayRequest extends Omit<ReplayOptions, "name"> {
  /** A month of yellow trips in the lake. @default - the first one there is, or the sample */
  readonly period?: string;
  /** How many times faster than the rides happened. @default - as fast as possible */
  readonly speed?: number;
}

/** The trips that a request is about. */
export function sourceOf({ home }: Context, { period }: ReplayRequest): Promise<TripSource> {
  return tripSource(home, yellow, period);
}

/** Sends the rides of a replay to the topic. */
export async function sendReplay(
  { view, cleanups }: Context,
  broker: Broker,
  source: TripSource,
  request: ReplayRequest,
  onSent: (produced: Produced, rides: readonly Ride[]) => void,
): Promise<Produced> {
  const started = performance.now();
  const rides = replay(source.trips(), { ...request, name: source.name });
  const { speed } = request;
  try {
    const sent = await produce(
      { address: broker.address, name: source.name, rides, ...(speed !== undefined && { speed }) },
      onSent,
      cleanups,
    );
    const took = (performance.now() - started) / 1000;
    const before = sent.skipped === 0 ? "" : `; ${sent.skipped.toLocaleString("en-US")} were there before`;
    view.line(
      `  ✓ produce    ${secondsText(took).padStart(8)}  ${countText(sent.sent, "ride")} of ${source.name} to the topic ${ridesTopic}${before}`,
    );
    return sent;
  } catch (error) {
    throw (await broker.whyEnded()) ?? error;
  }
}

/** What a run of the sink has done. */
export interface Consumed {
  readonly messages: number;
  readonly rejected: number;
  /** Days on which rides have arrived. */
  readonly days: readonly string[];
  /** Rides in the lake, of all days. */
  readonly rows: number;
}

/** Reads the topic into the lake, and loads the days of arrival into warehouse and database. */
export async function consumeTopic(
  context: Context,
  broker: Broker,
  hasDatabase: boolean,
): Promise<Consumed> {
  const { home, view, cleanups } = context;
  const program = await sinkProgram(view);
  let started = performance.now();
  const step = (name: string, text: string) => {
    const took = secondsText((performance.now() - started) / 1000);
    started = performance.now();
    view.line(`  ✓ ${name.padEnd(10)} ${took.padStart(8)}  ${text}`);
  };
  let [messages, rejected] = [0, 0];
  const cluster = await clusterId(broker.address);
  const days = await runSink(
    program,
    { address: broker.address, clusterId: cluster, folder: streamFolder(home) },
    (event) => {
      switch (event.event) {
        case "ready":
          step("spark", "started");
          return;
        case "batch":
          messages += event.messages;
          rejected += event.rejected;
          step(
            "sink",
            `batch ${event.batch}: ${countText(event.messages, "message")}${rejectedText(event.rejected)}`,
          );
          return;
        case "day":
          step("sink", `day ${event.day}: ${countText(event.rides, "ride")} in one file`);
          return;
        case "done":
        case "failed":
      }
    },
    cleanups,
  ).catch(async (error: unknown) => {
    throw (await broker.whyEnded()) ?? error;
  });
  if (days.length === 0) {
    view.line("  · The topic has no rides yet: npm run stream -- produce");
    return { messages, rejected, days, rows: 0 };
  }
  const summary = await loadDays(home, days, hasDatabase, cleanups);
  const rows = summary.periods.reduce((sum, period) => sum + period.rows.warehouse, 0);
  const where = hasDatabase ? "warehouse and database" : "warehouse";
  step("load", `raw.rides in ${where}: ${countText(rows, "ride")} of ${countText(days.length, "day")}`);
  await createModels(home, (holder) => {
    view.line(`${home.folder} is in use by ${holder}: waiting until that process has finished`);
  });
  return { messages, rejected, days, rows };
}

function rejectedText(rejected: number): string {
  return rejected === 0
    ? ""
    : `, ${rejected.toLocaleString("en-US")} of them not rides: see the topic of dead letters`;
}
