/** Formats numbers and dates for the terminal and the page. */

export function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** Whole dollars. */
export function dollars(value: number): string {
  return `${value < 0 ? "−" : ""}$${count(Math.abs(value))}`;
}

/** `$4.9 M`, `$870 k`. */
export function roundDollars(value: number): string {
  if (Math.abs(value) >= 1e6) return `$${(value / 1e6).toFixed(1)} M`;
  if (Math.abs(value) >= 1e3) return `$${Math.round(value / 1e3)} k`;
  return dollars(value);
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(share > 0 && share < 0.01 ? 2 : 1)} %`;
}

export const weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;

/** @param weekday 1 is Monday */
export function weekdayName(weekday: number): string {
  return weekdays[weekday - 1] ?? "";
}

/** `Tue 1 Jan`. */
export function dayName(day: string): string {
  return dayFormat.format(new Date(`${day}T00:00:00Z`)).replace(",", "");
}

/** `January 2019`. */
export function monthName(period: string): string {
  return monthFormat.format(new Date(`${period}-01T00:00:00Z`));
}

const dayFormat = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  timeZone: "UTC",
});
const monthFormat = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });
