import type { App } from "cdktf";
import { IngestionStack } from "./ingestion";
import { LakeStack } from "./lake";
import { type PlatformProps, type PlatformStack } from "./platform-stack";
import { WarehouseStack } from "./warehouse";

export type { PlatformProps, PlatformStack } from "./platform-stack";

/** Adds every stack of an environment to the app, in the order in which they are deployed. */
export function addPlatform(app: App, props: PlatformProps): readonly PlatformStack[] {
  const lake = new LakeStack(app, props);
  const warehouse = new WarehouseStack(app, props);
  warehouse.addDependency(lake);
  const ingestion = new IngestionStack(app, props);
  ingestion.addDependency(warehouse);
  return [lake, warehouse, ingestion];
}
