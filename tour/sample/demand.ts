import type { ZoneCharacter } from "./zones";

/** An hour of a day, for the demand model. */
export interface Moment {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** 0 is Monday. */
  readonly weekday: number;
  readonly hour: number;
}

/** Trips on an average day: about one per eighty real trips. */
const tripsPerDay = 3_000;

/** Average number of trips that start in this hour. */
export function expectedTrips(moment: Moment): number {
  const hours = isWeekend(moment) ? weekendHours : weekdayHours;
  const night = isNightOut(moment) && moment.hour >= 20 ? 1.25 : 1;
  const share = (hours[moment.hour] ?? 0) / sum(hours);
  return tripsPerDay * share * night * (weekdays[moment.weekday] ?? 1) * eventFactor(moment);
}

/** Factor for a zone as the start of a trip at this time, in addition to the weight of the zone. */
export function pickupAppeal(character: ZoneCharacter, moment: Moment): number {
  const { hour } = moment;
  switch (character) {
    case "work":
      return isWeekend(moment) ? 0.6 : ramp(hour, { 0: 0.4, 6: 0.4, 10: 0.9, 16: 1.6, 20: 1.2, 23: 0.6 });
    case "home":
      return ramp(hour, { 0: 0.5, 5: 0.8, 8: 1.7, 12: 1, 18: 0.9, 23: 0.6 });
    case "out":
      return ramp(hour, { 0: 2, 3: 2.2, 5: 0.6, 12: 0.7, 18: 1, 23: 2 }) * (isNightOut(moment) ? 1.6 : 1);
    case "hub":
      return ramp(hour, { 0: 1, 4: 0.6, 8: 1, 22: 1.3, 23: 1.2 });
    case "airport":
      return ramp(hour, { 0: 1, 3: 0.2, 6: 0.7, 12: 1, 16: 1.4, 22: 1.5, 23: 1.3 });
  }
}

/** Factor for a zone as the end of a trip at this time. */
export function dropoffAppeal(character: ZoneCharacter, moment: Moment): number {
  const { hour } = moment;
  switch (character) {
    case "work":
      return isWeekend(moment) ? 0.6 : ramp(hour, { 0: 0.3, 5: 0.8, 8: 1.8, 14: 1, 19: 0.7, 23: 0.4 });
    case "home":
      return ramp(hour, { 0: 1.8, 5: 0.8, 8: 0.6, 14: 0.9, 19: 1.4, 23: 1.7 });
    case "out":
      return ramp(hour, { 0: 1, 5: 0.4, 12: 0.8, 19: 1.7, 22: 1.6, 23: 1.4 });
    case "hub":
      return ramp(hour, { 0: 0.7, 5: 1, 8: 1.2, 17: 1.3, 23: 0.8 });
    case "airport":
      return ramp(hour, { 0: 0.1, 4: 1.6, 6: 1.2, 9: 0.7, 15: 1.1, 20: 0.4, 23: 0.1 });
  }
}

/** Average speed of a taxi in miles per hour. */
export function speed(moment: Moment): number {
  const congested = ramp(moment.hour, { 0: 17, 4: 20, 6: 16, 9: 8.5, 14: 8, 18: 8.5, 21: 12, 23: 15 });
  return isWeekend(moment) ? congested * 1.2 : congested;
}

export function isWeekend({ weekday }: Moment): boolean {
  return weekday >= 5;
}

/** The nights after Friday and Saturday. */
function isNightOut({ weekday, hour }: Moment): boolean {
  return (hour >= 20 && (weekday === 4 || weekday === 5)) || (hour < 5 && weekday >= 5);
}

/** Relative number of trips by hour of day. */
const weekdayHours = [
  16, 9, 6, 4, 5, 8, 21, 37, 46, 46, 44, 45, 48, 48, 50, 48, 42, 51, 61, 61, 56, 55, 49, 33,
];
const weekendHours = [
  47, 41, 33, 24, 14, 8, 9, 14, 23, 34, 43, 49, 53, 54, 53, 52, 51, 54, 58, 56, 49, 46, 45, 37,
];
/** Relative number of trips by day of the week, starting on Monday. */
const weekdays = [0.9, 0.98, 1.03, 1.07, 1.1, 1.03, 0.89];

/** Days with unusual demand. */
const events: Readonly<Record<string, number>> = {
  "2019-01-01": 0.75, // New Year's Day
  "2019-01-21": 0.84, // Martin Luther King Day
  "2019-01-30": 1.12, // deep frost
  "2019-02-12": 0.9, // snow
  "2019-02-14": 1.14, // Valentine's Day
  "2019-02-18": 0.82, // Presidents' Day
  "2019-03-01": 1.08, // rain
  "2019-03-04": 0.72, // a snowstorm
};

function eventFactor({ date, hour }: Moment): number {
  // The first hours of the year are its busiest.
  if (date.endsWith("-01-01") && hour < 5) return 2.2;
  return events[date] ?? 1;
}

/** Linear interpolation between the given points. */
function ramp(hour: number, points: Readonly<Record<number, number>>): number {
  const known = Object.entries(points).map(([at, value]) => ({ at: Number(at), value }));
  const after = known.find(({ at }) => at >= hour);
  const before = known.findLast(({ at }) => at <= hour);
  if (after === undefined || before === undefined) return (after ?? before)?.value ?? 1;
  if (after.at === before.at) return before.value;
  return before.value + ((after.value - before.value) * (hour - before.at)) / (after.at - before.at);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
