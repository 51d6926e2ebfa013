import { lakeBucketFrom, type Variables } from "../../dataset";
import { Home } from "../home";
import { statusText } from "../report/tables";
import { statusOf } from "../status";
import { ledgerOf } from "../warehouse/open-warehouse";
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
  // On a laptop, a run always loads the warehouse. In the cloud, only the job may read its ledger.
  const ledger =
    lakeBucketFrom(variables) === undefined ? await ledgerOf(new Home(options.home).warehouse) : undefined;
  const status = await statusOf(lake, specs, { ledger, now: new Date() });
  process.stdout.write(
    options.json === true ? `${JSON.stringify(status.periods)}\n` : `${statusText(status, lake.name)}\n`,
  );
}
