/** How much of a data set one run ingests: a month, a day, or all of it at once. */
export type Grain = PeriodicGrain | "once";
export type PeriodicGrain = "month" | "day";

/**
 * One slice of a data set, the unit that is ingested, replaced and recorded: `2019-01`, `2019-01-31` or `once`.
 * Immutable; periods of one grain are ordered.
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
   * Reads `2019-01` (month), `2019-01-31` (day) or `once`.
   *
   * @throws RangeError naming the text and the form that is expected
   */
  static parse(grain: Grain, text: string): Period {
    if (grain === "once") {
      if (text === "once") return Period.once;
      throw new RangeError(
        `period "${text}" is not known: this data set is ingested whole, its only period is "once"`,
      );
    }
    const form = grain === "month" ? /^\d{4}-\d{2}$/ : /^\d{4}-\d{2}-\d{2}$/;
    const day = new Date(`${grain === "month" ? `${text}-01` : text}T00:00:00Z`);
    const period = new Period(grain, day);
    if (!form.test(text) || Number.isNaN(day.getTime()) || period.label !== text) {
      const example = grain === "month" ? "2019-01" : "2019-01-31";
      throw new RangeError(`period "${text}" is not a ${grain}: write it as ${example}`);
    }
    return period;
  }

  /** The period of `grain` that a moment falls into, in UTC. */
  static containing(grain: Grain, moment: Date): Period {
    return grain === "once"
      ? Period.once
      : Period.parse(grain, moment.toISOString().slice(0, labelLength[grain]));
  }

  /**
   * All periods from `from` to `to`, both included, in order.
   *
   * @throws RangeError when `to` is before `from` or the grains differ
   */
  static range(from: Period, to: Period): Period[] {
    if (from.grain !== to.grain) throw new RangeError(`${from.label} and ${to.label} are not of one grain`);
    if (to.isBefore(from))
      throw new RangeError(`the range ${from.label} to ${to.label} ends before it starts`);
    const periods = [from];
    for (let last = from; last.isBefore(to);) {
      last = last.plus(1);
      periods.push(last);
    }
    return periods;
  }

  /** How people, files and records name the period: `2019-01`, `2019-01-31`, `once`. */
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

  /** The period `count` steps later (earlier when negative); `once` is its own neighbour. */
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
