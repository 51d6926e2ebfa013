import { apiEndpoints, lakeBucketFrom, type Variables } from "../../dataset";
import { CloudClients } from "../cloud/clients";
import { Home } from "../home";
import { BucketLake } from "../lake/bucket-lake";
import { FolderLake } from "../lake/folder-lake";
import type { Lake } from "../lake/lake";

/** The lake of a home, or the bucket of the variable LAKE_BUCKET, for commands that only read it. */
export async function openLake(home: string, variables: Variables): Promise<Lake> {
  const bucket = lakeBucketFrom(variables);
  if (bucket === undefined) return new FolderLake(new Home(home).lake);
  return BucketLake.open(await new CloudClients(apiEndpoints(variables)).storage(), bucket);
}
