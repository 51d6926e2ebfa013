import type { Ride, Trip } from "../ride";

/** How trips become a replay. */
export interface ReplayOptions {
  /** Identifies the replay. */
  readonly name: string;
  /** Number of rides. @default - all */
  readonly limit?: number;
  /** Share of the rides that are sent late, from 0 to 1. @default 0 */
  readonly late?: number;
}

/** How much later a late ride is sent than its turn, in milliseconds of event time. */
const delayMs = 5 * 60_000;

/** A ride and its number, from 0. */
export interface NumberedRide {
  readonly number: number;
  readonly ride: Ride;
  /** Time of the event that the replay has reached, in ms: of a late ride, that of its neighbors. */
  readonly clock: number;
}

/** The rides of a replay in the order in which they are sent: the same each time. */
export async function* replay(
  trips: AsyncIterable<Trip>,
  { name, limit = Infinity, late = 0 }: ReplayOptions,
): AsyncGenerator<NumberedRide> {
  let number = 0;
  const numbered = (trip: Trip, clock: number): NumberedRide => {
    const ride = { ride_id: `${name}/${number}`, ...trip };
    number += 1;
    return { number: number - 1, ride, clock };
  };
  const held: Trip[] = [];
  let taken = 0;
  let clock = 0;
  for await (const trip of trips) {
    if (taken === limit) break;
    taken += 1;
    clock = timeOf(trip);
    for (let first = held[0]; first !== undefined && timeOf(first) + delayMs <= clock; first = held[0]) {
      held.shift();
      yield numbered(first, clock);
    }
    // Spread evenly: one of 1 / late.
    if (Math.floor(taken * late) > Math.floor((taken - 1) * late)) held.push(trip);
    else yield numbered(trip, clock);
  }
  for (const trip of held) yield numbered(trip, clock);
}

function timeOf({ pickup_datetime }: Trip): number {
  return Date.parse(`${pickup_datetime}Z`);
}

/** The number of a ride of this replay; undefined for others, and for messages that are not rides. */
export function numberIn(name: string, message: string): number | undefined {
  const field = `"ride_id":"${name}/`;
  const start = message.indexOf(field);
  const number = start < 0 ? undefined : /^\d+/.exec(message.slice(start + field.length))?.[0];
  return number === undefined ? undefined : Number(number);
}
