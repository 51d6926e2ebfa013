/** How much of a data set one run ingests: a month, a day, or the whole data set. */
export type Grain = PeriodicGrain | "once";
export type PeriodicGrain = "month" | "day";

/**
 * One slice of a data set, the unit that is ingested, replaced and recorded: `2019-01`, `2019-01-31` or `once`.
 * Immutable. Periods of the same grain are ordered.
 */
export class Period {
  private constructor(
    readonly grain: Grain,
    /** First day of the period, or undefined for `once`. */
    private readonly day: Date | undefined,
  ) {}

  /** The only period of a data set that is ingested as a whole. */
  static readonly once = new Period("once", undefined);

  /**
   * Parses `2019-01` (month), `2019-01-31` (day) or `once`.
   *
   * @throws RangeError with the text and the expected format
   */
  static parse(grain: Grain, text: string): Period {
    if (grain === "once") {
      if (text === "once") return Period.once;
      throw new RangeError(
        `period "${text}" is not valid: this data set is ingested as a whole; its only period is "once"`,
      );
    }
    const form = grain === "month" ? /^\d{4}-\d{2}$/ : /^\d{4}-\d{2}-\d{2}$/;
    const day = new Date(`${grain === "month" ? `${text}-01` : text}T00:00:00Z`);
    const period = new Period(grain, day);
    if (!form.test(text) || Number.isNaN(day.getTime()) || period.label !== text) {
      const example = grain === "month" ? "2019-01" : "2019-01-31";
      throw new RangeError(`period "${text}" is not a valid ${grain}: use the format ${example}`);
    }
    return period;
  }

  /** The period that contains a point in time, in UTC. */
  static containing(grain: Grain, moment: Date): Period {
    return grain === "once"
      ? Period.once
      : Period.parse(grain, moment.toISOString().slice(0, labelLength[grain]));
  }

  /**
   * All periods from `from` to `to`, inclusive, in order.
   *
   * @throws RangeError when `to` is before `from` or the grains differ
   */
  static range(from: Period, to: Period): Period[] {
    if (from.grain !== to.grain)
      throw new RangeError(`periods ${from.label} and ${to.label} have different grains`);
    if (to.isBefore(from))
      throw new RangeError(`the range ${from.label} to ${to.label} ends before it starts`);
    const periods = [from];
    for (let last = from; last.isBefore(to);) {
      last = last.plus(1);
      periods.push(last);
    }
    return periods;
  }

  /** Name of the period in commands, files and records: `2019-01`, `2019-01-31`, `once`. */
  get label(): string {
    return this.grain === "once" ? "once" : this.startDate.slice(0, labelLength[this.grain]);
  }

  /** First day, `YYYY-MM-DD`. @throws RangeError for `once`, which has none */
  get startDate(): string {
    if (this.day === undefined) throw new RangeError('the period "once" has no first day');
    return this.day.toISOString().slice(0, 10);
  }

  get year(): string {
    return this.startDate.slice(0, 4);
  }

  get month(): string {
    return this.startDate.slice(5, 7);
  }

  get dayOfMonth(): string {
    return this.startDate.slice(8, 10);
  }

  /** The period `count` periods later, or earlier if negative; `once` returns itself. */
  plus(count: number): Period {
    if (this.day === undefined) return this;
    const [year, month, day] = [this.day.getUTCFullYear(), this.day.getUTCMonth(), this.day.getUTCDate()];
    return this.grain === "month"
      ? new Period("month", new Date(Date.UTC(year, month + count, 1)))
      : new Period("day", new Date(Date.UTC(year, month, day + count)));
  }

  isBefore(other: Period): boolean {
    return (this.day?.getTime() ?? 0) < (other.day?.getTime() ?? 0);
  }

  equals(other: Period): boolean {
    return this.label === other.label;
  }
}

const labelLength: Record<PeriodicGrain, number> = { month: 7, day: 10 };
