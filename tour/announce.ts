import { performance } from "node:perf_hooks";
import { secondsText, table } from "../job/text";
import type { Answers } from "./questions";
import type { NextStep, Place } from "./report/data";
import { count, dayName, dollars, percent, weekdayName } from "./report/format";

/** Runs a part of the tour under a heading, and prints how long it took. */
export async function chapter<Result>(
  number: string,
  title: string,
  work: () => Promise<Result>,
): Promise<Result> {
  process.stdout.write(`\n${number}  ${title}\n`);
  const started = performance.now();
  const result = await work();
  line(`took ${secondsText((performance.now() - started) / 1000)}`);
  return result;
}

/** Prints indented text below the current heading. */
export function line(text: string): void {
  process.stdout.write(`${text.replace(/^(?=.)/gm, "     ")}\n`);
}

/** The answers as tables for the terminal. The report shows all of them as plots. */
export function answersText({ months, zones, payments, days, hours }: Answers): string {
  const all = payments.reduce((sum, { trips }) => sum + trips, 0);
  const busiestDay = [...days].sort((a, b) => b.trips - a.trips)[0];
  const busiestHour = [...hours].sort((a, b) => b.trips - a.trips)[0];
  return [
    table([
      ["month", "trips", "revenue", "miles per trip"],
      ...months.map((month) => [
        month.month,
        count(month.trips),
        dollars(month.revenue),
        month.miles.toFixed(2),
      ]),
    ]),
    table([
      ["pick-up zone", "trips", "revenue"],
      ...zones.slice(0, 8).map((zone) => [zone.zone, count(zone.trips), dollars(zone.revenue)]),
    ]),
    table([
      ["payment", "trips", "share", "tip"],
      ...payments.map((payment) => [
        payment.payment,
        count(payment.trips),
        percent(payment.trips / all),
        percent(payment.tip_share ?? 0),
      ]),
    ]),
    ...(busiestDay && busiestHour
      ? [
          `busiest day ${dayName(busiestDay.day)} with ${count(busiestDay.trips)} trips, busiest hour ` +
            `${weekdayName(busiestHour.weekday)} ${busiestHour.hour}:00 with ${count(busiestHour.trips)} on average`,
        ]
      : []),
  ].join("\n\n");
}

/** Locations of the results, and next steps. */
export function placesText(places: readonly Place[], next: readonly NextStep[], seconds: number): string {
  const listed = (entries: readonly (readonly [string, string])[]) => {
    const width = Math.max(...entries.map(([name]) => name.length)) + 2;
    return entries.map(([name, text]) => `  ${name.padEnd(width)}${text}`).join("\n");
  };
  return `
Done in ${secondsText(seconds)}.

Results
${listed(places.map(({ what, path }) => [what, path]))}

Next steps
${listed(next.map(({ what, command }) => [what, command]))}`;
}
