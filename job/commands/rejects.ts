import { Period, type Variables } from "../../dataset";
import { messageOf } from "../../errors/thrown";
import { Failure } from "../failure";
import { readManifest } from "../lake/manifest";
import { readRejects } from "../lake/rejects";
import type { Reject } from "../records";
import { countText, shownValue, table } from "../text";
import { specificationsFrom, specOf } from "./dataset";
import { openLake } from "./open-lake";

export interface RejectsOptions {
  readonly home: string;
  readonly limit: number;
  readonly json?: boolean;
}

/** `ingest rejects`: prints the rows of a period that were rejected, and why. */
export async function rejectsCommand(
  dataset: string,
  label: string,
  { home, limit, json }: RejectsOptions,
  variables: Variables,
): Promise<void> {
  const spec = await specOf(dataset, specificationsFrom(variables));
  const period = parsed(() => Period.parse(spec.grain, label), dataset);
  const lake = await openLake(home, variables);
  const manifest = await readManifest(lake, dataset, period);
  if (manifest === undefined)
    throw new Failure(
      "permanent",
      `${dataset} ${label}: is not in ${lake.name}, or is incomplete; see ingest status`,
    );
  const rejects = await readRejects(lake, manifest.rejects);
  if (json === true) process.stdout.write(rejects.map((one) => `${JSON.stringify(one)}\n`).join(""));
  else process.stdout.write(rejectsList(`${dataset} ${label}`, rejects, limit));
}

function rejectsList(title: string, rejects: readonly Reject[], limit: number): string {
  if (rejects.length === 0) return `${title}: no rows were rejected\n`;
  const shown = rejects.slice(0, limit);
  const rows = shown.map(({ line, column, reason, raw }) =>
    [`${line}`, column ?? "(line)", reason, shownValue(raw)].join("  "),
  );
  const counts = new Map<string, number>();
  for (const { column } of rejects) counts.set(column ?? "(line)", (counts.get(column ?? "(line)") ?? 0) + 1);
  const byColumn = table([
    ["column", "rows"],
    ...[...counts]
      .sort(([, a], [, b]) => b - a)
      .map(([name, count]) => [name, count.toLocaleString("en-US")]),
  ]);
  const more =
    rejects.length > limit
      ? `\n${countText(rejects.length - limit, "more row")}: --limit ${rejects.length}, or --json`
      : "";
  return `${title}: ${countText(rejects.length, "row")} rejected\n\n${byColumn}\n\nline  column  reason  row\n${rows.join("\n")}${more}\n`;
}

function parsed<Value>(work: () => Value, dataset: string): Value {
  try {
    return work();
  } catch (error) {
    throw new Failure("permanent", `${dataset}: ${messageOf(error)}`, { cause: error });
  }
}
