import { setTimeout as sleep } from "node:timers/promises";
import type { Producer } from "kafkajs";
import { messageOf } from "../../errors/thrown";
import type { Cleanups } from "../../job/cleanups";
import { Failure } from "../../job/failure";
import { connectionTo, type Patience } from "../broker/connection";
import type { Ride } from "../ride";
import { endOffsets, ridesTopic } from "../topics";
import { lastMessages } from "./last-messages";
import { type NumberedRide, numberIn } from "./replay";

/** A replay to send. */
export interface ProduceRequest extends Patience {
  /** Address of the broker. */
  readonly address: string;
  /** Name of the replay. */
  readonly name: string;
  readonly rides: AsyncIterable<NumberedRide>;
  /** How many times faster than the rides happened. @default - as fast as possible */
  readonly speed?: number;
}

/** How far a replay is. */
export interface Produced {
  /** Number of rides that the broker has acknowledged in this run. */
  readonly sent: number;
  /** Number of rides that an earlier run has sent. */
  readonly skipped: number;
  /** Time of the event that the replay has reached, in ms; 0 before the first one. */
  readonly clock: number;
}

const batchSize = 500;
/** How long rides are gathered for a request. */
const lingerMs = 100;

/**
 * Sends the rides of a replay to the topic in order, each once, whatever becomes of the broker or of this process.
 *
 * The nth ride goes to partition n modulo the number of partitions, and each partition gets its rides in order, because
 * the idempotent producer lets the broker discard what it has already appended when a request is repeated. So the last
 * ride in a partition tells where an earlier run has ended, and this one continues there.
 *
 * @param onSent called after each acknowledged request with its rides
 * @throws Failure retryable when the broker does not answer
 */
export async function produce(
  { address, name, rides, speed, ...patience }: ProduceRequest,
  onSent: (produced: Produced, rides: readonly Ride[]) => void,
  cleanups?: Cleanups,
): Promise<Produced> {
  const partitions = (await endOffsets(address, ridesTopic)).size;
  const done = await lastNumbers(address, name);
  const producer = connectionTo(address, patience).producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
  });
  cleanups?.add(() => producer.disconnect());
  let produced: Produced = { sent: 0, skipped: 0, clock: 0 };
  const left = async function* () {
    for await (const each of rides) {
      if (each.number > (done.get(each.number % partitions) ?? -1)) yield each;
      else produced = { ...produced, skipped: produced.skipped + 1 };
    }
  };
  await producer.connect();
  try {
    for await (const batch of paced(left(), speed)) {
      await send(producer, batch, partitions);
      const clock = batch.at(-1)?.clock ?? produced.clock;
      produced = { ...produced, sent: produced.sent + batch.length, clock };
      onSent(
        produced,
        batch.map(({ ride }) => ride),
      );
    }
    return produced;
  } catch (error) {
    throw new Failure(
      "retryable",
      `broker ${address} did not take rides after ${produced.sent + produced.skipped} of ${name}: ${messageOf(error)}; ` +
        "run the same command again to continue",
      { cause: error },
    );
  } finally {
    await producer.disconnect().catch(() => undefined);
  }
}

async function send(producer: Producer, rides: readonly NumberedRide[], partitions: number): Promise<void> {
  await producer.send({
    topic: ridesTopic,
    acks: -1,
    messages: rides.map(({ number, ride }) => ({
      partition: number % partitions,
      value: JSON.stringify(ride),
    })),
  });
}

/** Number of the last ride of the replay in each partition. */
async function lastNumbers(address: string, name: string): Promise<ReadonlyMap<number, number>> {
  const last = new Map<number, number>();
  for (const { partition, value } of await lastMessages(address, ridesTopic)) {
    const number = numberIn(name, value);
    if (number !== undefined) last.set(partition, Math.max(number, last.get(partition) ?? -1));
  }
  return last;
}

/** Gathers rides into requests, and waits until it is their time. */
async function* paced(rides: AsyncIterable<NumberedRide>, speed: number | undefined) {
  let batch: NumberedRide[] = [];
  let origin: { readonly wall: number; readonly clock: number } | undefined;
  let flushed = Date.now();
  for await (const ride of rides) {
    origin ??= { wall: Date.now(), clock: ride.clock };
    const due = speed === undefined ? 0 : origin.wall + (ride.clock - origin.clock) / speed;
    const early = due - Date.now();
    if (batch.length >= batchSize || (batch.length > 0 && (early > 0 || Date.now() - flushed > lingerMs))) {
      yield batch;
      batch = [];
      flushed = Date.now();
    }
    // Short waits are gathered: one request per ride would be slow.
    if (early > 0) await sleep(Math.max(early, lingerMs));
    batch.push(ride);
  }
  if (batch.length > 0) yield batch;
}
