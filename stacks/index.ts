import type { App } from "cdktf";
import { DatabaseStack } from "./database";
import { guard } from "./guard";
import { FoundationStack } from "./foundation";
import { IngestionStack } from "./ingestion";
import { LakeStack } from "./lake";
import { NetworkStack } from "./network";
import { OrchestrationStack } from "./orchestration";
import type { PlatformProps, PlatformStack } from "./platform-stack";
import { withPolicyTags } from "./policies";
import schemas from "./schemas.lock.json";
import { TransferStack } from "./transfer";
import { WarehouseStack } from "./warehouse";

export type { PlatformProps, PlatformStack } from "./platform-stack";

/**
 * Adds all stacks of an environment to the app, and the guardrails that check them. Stacks refer to each other's
 * resources by name; the only dependency between them is the order of deployment.
 */
export function addPlatform(app: App, given: PlatformProps): readonly PlatformStack[] {
  const { database, transfer } = given.environment;
  const props = { ...given, catalog: withPolicyTags(given.catalog, given.environment) };
  const foundation = new FoundationStack(app, props);
  const network = after([foundation], new NetworkStack(app, props));
  const lake = after([foundation], new LakeStack(app, props));
  const warehouse = after([lake], new WarehouseStack(app, props));
  const copies = transfer ? [after([lake], new TransferStack(app, props, transfer))] : [];
  const databases = database ? [after([network], new DatabaseStack(app, props, database))] : [];
  const ingestion = after([network, lake, warehouse, ...databases], new IngestionStack(app, props));
  const orchestration = after([ingestion, ...copies], new OrchestrationStack(app, props));
  const all = [foundation, network, lake, warehouse, ...copies, ...databases, ingestion, orchestration];
  guard(app, all, { schemas, ...props });
  return all;
}

/** Makes a stack depend on others: it is deployed after them and destroyed before them. */
function after<Stack extends PlatformStack>(others: readonly PlatformStack[], stack: Stack): Stack {
  for (const other of others) stack.addDependency(other);
  return stack;
}
