import { grainRules, partOf, periodicGrains, type PeriodicGrain, type PeriodPart } from "./grain";

/** How much of a data set one run ingests: a year, quarter, month, week, day or hour, or the whole data set. */
export type Grain = PeriodicGrain | "once";
export const grains = [...periodicGrains, "once"] as const satisfies readonly Grain[];

/**
 * One slice of a data set, the unit that is ingested, replaced and recorded: `2019`, `2019-Q1`, `2019-01`, `2019-W05`,
 * `2019-01-31`, `2019-01-31T05` or `once`. Immutable. Periods of the same grain are ordered.
 */
export class Period {
  private constructor(
    readonly grain: Grain,
    /** Start of the period, or undefined for `once`. */
    private readonly start: Date | undefined,
  ) {}

  /** The only period of a data set that is ingested as a whole. */
  static readonly once = new Period("once", undefined);

  /**
   * Parses a label: `2019-01` for a month, `2019-W05` for a week.
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
    const { startOf, example } = grainRules[grain];
    const start = startOf(text);
    if (start === undefined || Number.isNaN(start.getTime()) || new Period(grain, start).label !== text)
      throw new RangeError(`period "${text}" is not a valid ${grain}: use the format ${example}`);
    return new Period(grain, start);
  }

  /** The period that contains a point in time, in UTC. */
  static containing(grain: Grain, moment: Date): Period {
    return grain === "once" ? Period.once : new Period(grain, grainRules[grain].containing(moment));
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

  /** Name of the period in commands, files and records: `2019-01`, `2019-W05`, `once`. */
  get label(): string {
    return this.grain === "once" ? "once" : grainRules[this.grain].labelOf(this.first);
  }

  /** First day, `YYYY-MM-DD`. @throws RangeError for `once`, which has none */
  get startDate(): string {
    return this.first.toISOString().slice(0, 10);
  }

  /** Value of the column `_period`: the first day, or the hour as `YYYY-MM-DD HH:00:00`. @throws as `startDate` */
  get startText(): string {
    return this.grain === "hour" ? `${this.startDate} ${this.part("hour")}:00:00` : this.startDate;
  }

  get year(): string {
    return this.part("year");
  }

  get month(): string {
    return this.part("month");
  }

  /** A part of the period, with leading zeros: the month `01`, the week `05`, the quarter `1`. @throws as `startDate` */
  part(name: PeriodPart): string {
    const { first, grain } = this;
    return grain === "once" ? "" : partOf(name, grain, first);
  }

  /** The period `count` periods later, or earlier if negative; `once` returns itself. */
  plus(count: number): Period {
    if (this.grain === "once") return this;
    return new Period(this.grain, grainRules[this.grain].plus(this.first, count));
  }

  isBefore(other: Period): boolean {
    return (this.start?.getTime() ?? 0) < (other.start?.getTime() ?? 0);
  }

  equals(other: Period): boolean {
    return this.label === other.label;
  }

  private get first(): Date {
    if (this.start === undefined) throw new RangeError('the period "once" has no first day');
    return this.start;
  }
}
