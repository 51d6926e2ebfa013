import type { Variables } from "../../dataset";
import { statusTable } from "../report/tables";
import { periodStatuses } from "../status";
import { allSpecs, specificationsFrom, specOf, warnOfBroken } from "./dataset";
import { openLake } from "./open-lake";

export interface StatusOptions {
  readonly dataset?: string;
  readonly home: string;
  readonly json?: boolean;
}

/** `ingest status`: prints the status of each period in the lake. */
export async function statusCommand(options: StatusOptions, variables: Variables): Promise<void> {
  const environment = specificationsFrom(variables);
  const specs =
    options.dataset === undefined
      ? await allSpecs(environment, warnOfBroken)
      : [await specOf(options.dataset, environment)];
  const lake = await openLake(options.home, variables);
  const found = await periodStatuses(lake, specs);
  process.stdout.write(`${options.json === true ? JSON.stringify(found) : statusTable(found, lake.name)}\n`);
}
