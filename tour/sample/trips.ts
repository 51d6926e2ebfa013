import { Period } from "../../dataset";
import { dropoffAppeal, expectedTrips, isWeekend, pickupAppeal, speed, type Moment } from "./demand";
import { seededRandom, weightedIndex, type Random } from "./random";
import { gridMiles, zones, type Zone } from "./zones";

/** One trip. Amounts are in cents, times are New York local time. */
export interface Trip {
  readonly vendor: 1 | 2;
  /** Milliseconds since 1970, with the local time interpreted as UTC. */
  readonly pickup: number;
  readonly dropoff: number;
  readonly passengers: number;
  /** Hundredths of a mile. */
  readonly distance: number;
  readonly rateCode: 1 | 2 | 3 | 5;
  readonly heldInVehicle: boolean;
  readonly pickupZone: number;
  readonly dropoffZone: number;
  /** 1 credit card, 2 cash, 3 no charge, 4 dispute. */
  readonly payment: 1 | 2 | 3 | 4;
  readonly fare: number;
  readonly extra: number;
  readonly mtaTax: number;
  readonly tip: number;
  readonly tolls: number;
  readonly improvement: number;
  readonly congestion: number;
}

/** Generates the trips of a month, hour by hour. Deterministic. At most one hour of trips is in memory. */
export function* tripsOf(period: Period): Generator<Trip> {
  const random = seededRandom(Number(period.year) * 100 + Number(period.month));
  const last = period.plus(1).startDate;
  for (let day = Date.parse(period.startDate); day < Date.parse(last); day += dayLength) {
    const mood = 1 + 0.035 * random.bell();
    for (let hour = 0; hour < 24; hour += 1) {
      const moment = momentOf(day, hour);
      const mean = expectedTrips(moment) * mood;
      const count = Math.max(0, Math.round(mean + Math.sqrt(mean) * random.bell()));
      yield* tripsOfHour(random, moment, day + hour * hourLength, count);
    }
  }
}

const hourLength = 3_600_000;
const dayLength = 24 * hourLength;

function momentOf(day: number, hour: number): Moment {
  const date = new Date(day);
  return { date: date.toISOString().slice(0, 10), weekday: (date.getUTCDay() + 6) % 7, hour };
}

function* tripsOfHour(random: Random, moment: Moment, start: number, count: number): Generator<Trip> {
  const drawPickup = weightedIndex(zones.map((zone) => zone.weight * pickupAppeal(zone.character, moment)));
  const drawDropoff = weightedIndex(zones.map((zone) => zone.weight * dropoffAppeal(zone.character, moment)));
  const seconds = Array.from({ length: count }, () => random.below(3600)).sort((a, b) => a - b);
  for (const second of seconds) {
    const from = zoneAt(drawPickup(random));
    const to = destination(random, from, drawDropoff);
    const trip = tripBetween(random, moment, start + second * 1000, from, to);
    yield trip;
    // A voided trip is recorded a second time with negative amounts.
    if (trip.payment > 2 && random.chance(0.4)) yield voided(trip);
  }
}

function zoneAt(index: number): Zone {
  const zone = zones[index];
  if (zone === undefined) throw new RangeError(`zone ${index} of ${zones.length} does not exist`);
  return zone;
}

/** Draws a destination. Most trips are short, so a distant destination is accepted less often than a near one. */
function destination(random: Random, from: Zone, draw: (random: Random) => number): Zone {
  for (let attempt = 0; ; attempt += 1) {
    const to = zoneAt(draw(random));
    const miles = gridMiles(from, to) / 3;
    const airport = to.character === "airport" || from.character === "airport";
    const kept = airport ? 0.45 : 1 / (1 + miles * miles);
    if (attempt === 8 || (from !== to && random.chance(kept)) || random.chance(0.01)) return to;
  }
}

function tripBetween(random: Random, moment: Moment, pickup: number, from: Zone, to: Zone): Trip {
  const miles = Math.max(0.3, gridMiles(from, to) * 1.05 + 0.25 + 0.35 * random.bell());
  const minutes = Math.max(1.5, (miles / speed(moment)) * 60 * (1 + 0.18 * random.bell()) + 1);
  const rateCode = rateOf(random, from, to);
  const payment = paymentOf(random);
  const fare = fareOf(rateCode, miles, minutes, random);
  const extra = rateCode === 1 ? surcharge(moment) : 0;
  const tolls = tollsOf(random, from, to);
  const congestion = chargedForCongestion(from) || chargedForCongestion(to) ? 250 : 0;
  const metered = fare + extra + 50 + tolls + 30 + congestion;
  return {
    vendor: random.chance(0.62) ? 2 : 1,
    pickup,
    // A meter that was left running overnight. Such trips distort the average duration.
    dropoff: pickup + (random.chance(0.002) ? 23.9 * hourLength : Math.round(minutes * 60) * 1000),
    passengers: passengersOf(random),
    distance: Math.round(miles * 100),
    rateCode,
    heldInVehicle: random.chance(0.005),
    pickupZone: from.id,
    dropoffZone: to.id,
    payment,
    fare,
    extra,
    mtaTax: 50,
    tip: payment === 1 ? tipOn(metered, random) : 0,
    tolls,
    improvement: 30,
    congestion,
  };
}

function voided(trip: Trip): Trip {
  return {
    ...trip,
    fare: -trip.fare,
    extra: -trip.extra,
    mtaTax: -trip.mtaTax,
    tip: -trip.tip,
    tolls: -trip.tolls,
    improvement: -trip.improvement,
    congestion: -trip.congestion,
  };
}

function rateOf(random: Random, from: Zone, to: Zone): Trip["rateCode"] {
  const between = (a: string, b: string) =>
    (from.name === a && to.borough === b) || (from.borough === b && to.name === a);
  if (between("JFK Airport", "Manhattan")) return 2;
  if (to.borough === "EWR") return 3;
  return random.chance(0.006) ? 5 : 1;
}

/** Fares of the TLC in 2019: 2.50 dollars plus 0.50 per fifth of a mile or, in slow traffic, per minute. */
function fareOf(rateCode: Trip["rateCode"], miles: number, minutes: number, random: Random): number {
  const slowMinutes = Math.max(0, minutes - (miles / 12) * 60);
  const metered = 250 + 50 * Math.round(miles * 5 + slowMinutes);
  switch (rateCode) {
    case 1:
      return metered;
    case 2:
      return 5200;
    case 3:
      return metered + 1750;
    case 5:
      return 1500 + random.below(80) * 100;
  }
}

function surcharge(moment: Moment): number {
  if (moment.hour >= 20 || moment.hour < 6) return 50;
  return moment.hour >= 16 && !isWeekend(moment) ? 100 : 0;
}

function tollsOf(random: Random, from: Zone, to: Zone): number {
  if (from.borough === "EWR" || to.borough === "EWR") return 1050;
  const airport = from.character === "airport" || to.character === "airport";
  return from.borough !== to.borough && random.chance(airport ? 0.55 : 0.05) ? 576 : 0;
}

/** Manhattan below 96th Street. */
function chargedForCongestion(zone: Zone): boolean {
  return zone.borough === "Manhattan" && zone.north < 1.7;
}

function paymentOf(random: Random): Trip["payment"] {
  const draw = random.next();
  if (draw < 0.721) return 1;
  if (draw < 0.992) return 2;
  return draw < 0.997 ? 3 : 4;
}

/** Passengers select one of three percentages or enter an amount. */
function tipOn(metered: number, random: Random): number {
  const draw = random.next();
  if (draw < 0.05) return 0;
  if (draw < 0.3) return 100 * (1 + random.below(3));
  const percent = draw < 0.8 ? 20 : draw < 0.92 ? 25 : 30;
  return Math.round((metered * percent) / 100);
}

const drawPassengers = weightedIndex([1.6, 70, 14.5, 4.2, 2, 4.3, 2.6]);

function passengersOf(random: Random): number {
  return drawPassengers(random);
}
