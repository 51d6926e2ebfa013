/** How a data set is divided into periods, in UTC. A week is one of ISO 8601: it begins on Monday. */
export const periodicGrains = ["year", "quarter", "month", "week", "day", "hour"] as const;
export type PeriodicGrain = (typeof periodicGrains)[number];

/** Parts of a period that folders of the lake and source addresses are named by. */
export type PeriodPart = "year" | "quarter" | "month" | "week" | "day" | "hour";

/** What a grain means. All dates are in UTC. */
interface GrainRule {
  /** A label, for messages. */
  readonly example: string;
  /** Label of the period that starts at a date. */
  readonly labelOf: (start: Date) => string;
  /** Start of the period with a label; undefined if the label has another form. */
  readonly startOf: (label: string) => Date | undefined;
  /** Start of the period that contains a date. */
  readonly containing: (moment: Date) => Date;
  /** Start of the period `count` periods later. */
  readonly plus: (start: Date, count: number) => Date;
  /** The parts that identify a period, in the order of the lake's folders. */
  readonly parts: readonly PeriodPart[];
  /** The label of the period with these parts. */
  readonly joined: (parts: readonly string[]) => string;
  /** Granularity of the partitions of which each contains at most one period. */
  readonly granularity: "hour" | "day" | "month" | "year";
}

export const grainRules: Readonly<Record<PeriodicGrain, GrainRule>> = {
  year: {
    example: "2019",
    labelOf: (start) => iso(start, "2019"),
    startOf: (label) => (/^\d{4}$/.test(label) ? dateOf(`${label}-01-01`) : undefined),
    containing: (moment) => utc(moment.getUTCFullYear(), 0),
    plus: (start, count) => utc(start.getUTCFullYear() + count, 0),
    parts: ["year"],
    joined: ([year = ""]) => year,
    granularity: "year",
  },
  quarter: {
    example: "2019-Q1",
    labelOf: (start) => `${iso(start, "2019")}-Q${quarterOf(start)}`,
    startOf: (label) => {
      const [, year, quarter] = /^(\d{4})-Q([1-4])$/.exec(label) ?? [];
      return year === undefined ? undefined : utc(Number(year), (Number(quarter) - 1) * 3);
    },
    containing: (moment) => utc(moment.getUTCFullYear(), (quarterOf(moment) - 1) * 3),
    plus: (start, count) => utc(start.getUTCFullYear(), start.getUTCMonth() + count * 3),
    parts: ["year", "quarter"],
    joined: ([year = "", quarter = ""]) => `${year}-Q${quarter}`,
    granularity: "month",
  },
  month: {
    example: "2019-01",
    labelOf: (start) => iso(start, "2019-01"),
    startOf: (label) => (/^\d{4}-\d{2}$/.test(label) ? dateOf(`${label}-01`) : undefined),
    containing: (moment) => utc(moment.getUTCFullYear(), moment.getUTCMonth()),
    plus: (start, count) => utc(start.getUTCFullYear(), start.getUTCMonth() + count),
    parts: ["year", "month"],
    joined: (parts) => parts.join("-"),
    granularity: "month",
  },
  week: {
    example: "2019-W05",
    labelOf: weekLabel,
    startOf: (label) => {
      const [, year, week] = /^(\d{4})-W(\d{2})$/.exec(label) ?? [];
      if (year === undefined || Number(week) < 1) return undefined;
      // January 4th is always in the first week.
      const first = mondayOf(utc(Number(year), 0, 4));
      return new Date(first.getTime() + (Number(week) - 1) * 7 * dayLength);
    },
    containing: mondayOf,
    plus: (start, count) => new Date(start.getTime() + count * 7 * dayLength),
    parts: ["year", "week"],
    joined: ([year = "", week = ""]) => `${year}-W${week}`,
    granularity: "day",
  },
  day: {
    example: "2019-01-31",
    labelOf: (start) => iso(start, "2019-01-31"),
    startOf: (label) => (/^\d{4}-\d{2}-\d{2}$/.test(label) ? dateOf(label) : undefined),
    containing: (moment) => utc(moment.getUTCFullYear(), moment.getUTCMonth(), moment.getUTCDate()),
    plus: (start, count) => new Date(start.getTime() + count * dayLength),
    parts: ["year", "month", "day"],
    joined: (parts) => parts.join("-"),
    granularity: "day",
  },
  hour: {
    example: "2019-01-31T05",
    labelOf: (start) => iso(start, "2019-01-31T05"),
    startOf: (label) => (/^\d{4}-\d{2}-\d{2}T\d{2}$/.test(label) ? new Date(`${label}:00:00Z`) : undefined),
    containing: (moment) => new Date(Math.floor(moment.getTime() / hourLength) * hourLength),
    plus: (start, count) => new Date(start.getTime() + count * hourLength),
    parts: ["year", "month", "day", "hour"],
    joined: ([year = "", month = "", day = "", hour = ""]) => `${year}-${month}-${day}T${hour}`,
    granularity: "hour",
  },
};

/** The text of a part of the period that starts at a date: `2019`, `1`, `01`, `05`. */
export function partOf(part: PeriodPart, grain: PeriodicGrain, start: Date): string {
  switch (part) {
    case "year":
      // The year of a week is the one of its Thursday.
      return grain === "week" ? weekLabel(start).slice(0, 4) : iso(start, "2019");
    case "quarter":
      return String(quarterOf(start));
    case "week":
      return weekLabel(start).slice(-2);
    case "month":
      return start.toISOString().slice(5, 7);
    case "day":
      return start.toISOString().slice(8, 10);
    case "hour":
      return start.toISOString().slice(11, 13);
  }
}

const hourLength = 3_600_000;
const dayLength = 24 * hourLength;

/** As much of a date in ISO 8601 as an example has. */
function iso(date: Date, example: string): string {
  return date.toISOString().slice(0, example.length);
}

/** Unlike Date.UTC, years before 100 are not of the 20th century. */
function utc(year: number, month: number, day = 1): Date {
  const date = new Date(Date.UTC(2000, month, day));
  date.setUTCFullYear(year + date.getUTCFullYear() - 2000);
  return date;
}

function dateOf(text: string): Date {
  return new Date(`${text}T00:00:00Z`);
}

function quarterOf(date: Date): number {
  return Math.floor(date.getUTCMonth() / 3) + 1;
}

function mondayOf(date: Date): Date {
  const day = utc(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
  return new Date(day.getTime() - ((day.getUTCDay() + 6) % 7) * dayLength);
}

function weekLabel(monday: Date): string {
  const thursday = new Date(monday.getTime() + 3 * dayLength);
  const first = mondayOf(utc(thursday.getUTCFullYear(), 0, 4));
  const week = Math.round((monday.getTime() - first.getTime()) / (7 * dayLength)) + 1;
  return `${iso(thursday, "2019")}-W${String(week).padStart(2, "0")}`;
}
