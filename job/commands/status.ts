import { apiEndpoints, lakeBucketFrom, type Variables } from "../../dataset";
import { CloudClients } from "../cloud/clients";
import { Home } from "../home";
import { BucketLake } from "../lake/bucket-lake";
import { FolderLake } from "../lake/folder-lake";
import type { Lake } from "../lake/lake";
import { statusTable } from "../report/tables";
import { periodStatuses } from "../status";
import { allSpecs, specificationsFrom, specOf, warnOfBroken } from "./dataset";

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

export async function openLake(home: string, variables: Variables): Promise<Lake> {
  const bucket = lakeBucketFrom(variables);
  if (bucket === undefined) return new FolderLake(new Home(home).lake);
  return BucketLake.open(await new CloudClients(apiEndpoints(variables)).storage(), bucket);
}
