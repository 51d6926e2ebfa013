import { type DatasetSpec, Period, type PeriodicGrain } from "../../dataset";
import { messageOf } from "../../errors/thrown";
import { Failure } from "../../job/failure";

/**
 * The first days of the periods with these labels, sorted.
 *
 * @param datasets data sets that the models use: a label must be a period of one of them
 * @throws Failure permanent when a label is not a valid period of any of them
 */
export function daysOf(
  labels: readonly string[],
  catalog: ReadonlyMap<string, DatasetSpec>,
  datasets: readonly string[],
): readonly string[] {
  const specs = datasets.flatMap((id) => catalog.get(id) ?? []);
  const grains = [...new Set(specs.map(({ grain }) => grain))].filter((grain) => grain !== "once");
  const days = labels.flatMap((label) => label.split(",")).map((label) => dayOf(label.trim(), grains));
  const firsts = specs.flatMap((spec) =>
    spec.grain === "once" ? [] : [Period.parse(spec.grain, spec.firstPeriod).startDate],
  );
  const first = firsts.sort()[0] ?? "";
  const early = days.find((day) => day < first);
  if (early !== undefined)
    throw new Failure(
      "permanent",
      `--period: ${early} is before the first period of all data sets, ${first}`,
    );
  return [...new Set(days)].sort();
}

function dayOf(label: string, grains: readonly PeriodicGrain[]): string {
  const reasons: string[] = [];
  for (const grain of grains) {
    try {
      return Period.parse(grain, label).startDate;
    } catch (error) {
      reasons.push(messageOf(error));
    }
  }
  throw new Failure("permanent", `--period: ${reasons.join("; ")}`);
}
