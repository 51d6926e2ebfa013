/**
 * A ride as the message of the topic has it, as JSON. The time of the event is part of it; the timestamp of the message is
 * when the broker appended it.
 */
export interface Ride {
  /** Identifies the ride: the replay and its place in it, `sample-2019-01/42`. */
  readonly ride_id: string;
  readonly vendor_id: number | null;
  readonly passenger_count: number | null;
  /** Miles. */
  readonly trip_distance: number | null;
  readonly payment_type: number | null;
  /** Dollars, to the cent: `12.30`. */
  readonly total_amount: number | null;
  /** New York local time: `2019-01-01T00:00:01`. */
  readonly pickup_datetime: string;
}

/** A ride without what the replay adds. */
export type Trip = Omit<Ride, "ride_id">;
