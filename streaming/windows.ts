import type { Ride } from "./ride";

/** Rides of one vendor in one minute. */
export interface Window {
  /** Undefined if the message had none. */
  readonly vendor: number | undefined;
  /** `2019-01-01 00:00:00` */
  readonly start: string;
  readonly rides: number;
  /** Cents, so that sums are exact. */
  readonly cents: number;
}

/** Counts rides in windows, as they come. What the models do in SQL, apart from them: each is a check of the other. */
export class Windows {
  private readonly counts = new Map<string, Window>();
  /** Rides from 40 dollars up. */
  from40 = 0;
  rides = 0;

  add(ride: Ride): void {
    const start = `${ride.pickup_datetime.slice(0, 16).replace("T", " ")}:00`;
    const vendor = ride.vendor_id ?? undefined;
    const key = keyOf({ vendor, start });
    const before = this.counts.get(key) ?? { vendor, start, rides: 0, cents: 0 };
    const cents = Math.round((ride.total_amount ?? 0) * 100);
    this.counts.set(key, { ...before, rides: before.rides + 1, cents: before.cents + cents });
    this.rides += 1;
    if ((ride.total_amount ?? 0) >= 40) this.from40 += 1;
  }

  get size(): number {
    return this.counts.size;
  }

  [Symbol.iterator](): IterableIterator<Window> {
    return this.counts.values();
  }

  get(vendor: number | undefined, start: string): Window | undefined {
    return this.counts.get(keyOf({ vendor, start }));
  }
}

function keyOf({ vendor, start }: Pick<Window, "vendor" | "start">): string {
  return `${vendor ?? ""} ${start}`;
}
