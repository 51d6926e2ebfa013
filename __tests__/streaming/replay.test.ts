import fc from "fast-check";
import { numberIn, replay, type ReplayOptions } from "../../streaming/produce/replay";
import type { Trip } from "../../streaming/ride";

/** Trips in order of pick-up, at these seconds of a day. */
async function* trips(seconds: readonly number[]): AsyncGenerator<Trip> {
  for (const second of seconds) {
    await Promise.resolve();
    yield {
      vendor_id: 1,
      passenger_count: null,
      trip_distance: second,
      payment_type: 2,
      total_amount: 12.3,
      pickup_datetime: new Date(Date.UTC(2019, 0, 1) + second * 1000).toISOString().slice(0, 19),
    };
  }
}

async function all(seconds: readonly number[], options: Omit<ReplayOptions, "name">) {
  const sent = [];
  for await (const each of replay(trips(seconds), { name: "test", ...options })) sent.push(each);
  return sent;
}

test("every trip is sent once, numbered in order of sending, and only the requested share is late", async () => {
  const seconds = fc.array(fc.nat(80_000), { maxLength: 200 }).map((list) => [...list].sort((a, b) => a - b));
  await fc.assert(
    fc.asyncProperty(
      seconds,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(250),
      async (list, late, limit) => {
        const sent = await all(list, { late, limit });
        expect(sent.map(({ number }) => number)).toEqual(sent.map((_, index) => index));
        expect(sent.map(({ ride }) => ride.ride_id)).toEqual(sent.map((_, index) => `test/${index}`));
        const distances = sent.map(({ ride }) => ride.trip_distance ?? 0);
        expect([...distances].sort((a, b) => a - b)).toEqual(list.slice(0, limit));
        // The clock never goes back, whatever is late.
        expect(sent.every(({ clock }, index) => clock >= (sent[index - 1]?.clock ?? 0))).toBe(true);
        expect(await all(list, { late, limit })).toEqual(sent);
        if (late === 0) expect(distances).toEqual(list.slice(0, limit));
      },
    ),
  );
});

test("one of a hundred is five minutes late", async () => {
  const sent = await all(
    Array.from({ length: 1040 }, (_, index) => index * 10),
    { late: 0.01 },
  );
  const late = sent.filter(({ ride, clock }) => clock - Date.parse(`${ride.pickup_datetime}Z`) >= 300_000);
  expect(late).toHaveLength(10);
});

test("the number of a ride is read from its message, and not from that of another replay", () => {
  expect(numberIn("sample-2019-01", JSON.stringify({ ride_id: "sample-2019-01/42", vendor_id: 7 }))).toBe(42);
  expect(numberIn("sample-2019-01", JSON.stringify({ ride_id: "sample-2019-011/42" }))).toBeUndefined();
  expect(numberIn("sample-2019-01", "not JSON")).toBeUndefined();
});
