import { latenessSeconds } from "../../stacks/lateness";

const at = (cron: string) => ({ cron, timeZone: "America/New_York", periodsBehind: 1 });
const hour = 3600;
const day = 24 * hour;

test("latenessSeconds is the time until the scheduled run, plus one day", () => {
  expect(latenessSeconds("trips", "month", at("0 6 2 * *"))).toBe(day + 6 * hour + day);
  expect(latenessSeconds("trips", "day", at("30 4 * * *"))).toBe(4.5 * hour + day);
});

test("latenessSeconds uses the latest first run of any period", () => {
  // The first Monday of a month is no later than the 7th.
  expect(latenessSeconds("trips", "month", at("0 0 * * 1"))).toBe(6 * day + day);
});

test("latenessSeconds rejects a schedule that skips periods", () => {
  expect(() => latenessSeconds("trips", "month", at("0 6 31 * *"))).toThrow(
    'data set trips: 1 fault\n  - schedule.cron: "0 6 31 * *" (America/New_York) does not run in every month, so ' +
      "some periods would never be ingested: it does not run in the month that starts on 2024-02-01",
  );
  expect(() => latenessSeconds("trips", "day", at("0 6 * * 1"))).toThrow("does not run in every day");
});
