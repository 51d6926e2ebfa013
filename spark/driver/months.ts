import { Period } from "../../dataset";
import { messageOf } from "../../errors/thrown";
import { Failure } from "../../job/failure";

/** Months from the first to the last, both included. */
export interface MonthRange {
  /** `2019-01` */
  readonly from: string;
  readonly to: string;
}

/**
 * The months between two options; undefined if both are missing, which means all months.
 *
 * @throws Failure permanent when one is missing, is not a month, or is after the other
 */
export function monthRange(from: string | undefined, to: string | undefined): MonthRange | undefined {
  if (from === undefined && to === undefined) return undefined;
  if (from === undefined || to === undefined)
    throw new Failure("permanent", "use --from and --to together, for example --from 2019-01 --to 2019-03");
  try {
    Period.range(Period.parse("month", from), Period.parse("month", to));
  } catch (error) {
    throw new Failure("permanent", messageOf(error));
  }
  return { from, to };
}
