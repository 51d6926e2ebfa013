import type { App } from "cdktf";
import type { Environment } from "../config";
import * as z from "zod/mini";
import { ComposerStack } from "./composer";
import { DatabaseStack } from "./database";
import { environmentRecord, type EnvironmentRecords } from "./environment-record";
import { guard } from "./guard";
import { FoundationStack } from "./foundation";
import { IngestionStack } from "./ingestion";
import { LakeStack } from "./lake";
import { NetworkStack } from "./network";
import { OrchestrationStack } from "./orchestration";
import { type PlatformProps, type PlatformStack, stacksOfCi } from "./platform-stack";
import { refuseRecordedChanges } from "./recorded-changes";
import environmentsLock from "./environments.lock.json";
import { withPolicyTags } from "./policies";
import schemasLock from "./schemas.lock.json";
import type { SchemaLock } from "./schema-lock";
import { StreamingStack } from "./streaming";
import { TransferStack } from "./transfer";
import { WarehouseStack } from "./warehouse";

export type { PlatformProps, PlatformStack } from "./platform-stack";
export { type EnvironmentRecord, type EnvironmentRecords, recordOf } from "./environment-record";
export { sourcesWithoutDataset } from "./transfer-sources";
export { recordedChanges, refuseRecordedChanges } from "./recorded-changes";

/** What is deployed, by environment. */
export const environmentRecords: EnvironmentRecords = z
  .record(z.string(), environmentRecord)
  .parse(environmentsLock);

/** The schemas of the deployed tables. */
export const deployedSchemas: SchemaLock = schemasLock;

/** Names of the stacks of an environment, in no particular order. */
export function stackNames(environment: Environment): string[] {
  const { name, database, network, streaming, transfer, orchestrator } = environment;
  const composer = orchestrator === "composer" ? {} : undefined;
  const sections: Partial<Record<string, object | undefined>> = {
    ...{ composer, database, network, streaming, transfer },
  };
  const purposes = stacksOfCi.filter((purpose) => !(purpose in sections) || sections[purpose] !== undefined);
  return ["foundation", ...purposes].map((purpose) => `${name}-${purpose}`);
}

/**
 * Adds all stacks of an environment to the app, and the guardrails that check them. Stacks refer to each other's
 * resources by name; the only dependency between them is the order of deployment.
 */
export function addPlatform(app: App, given: PlatformProps): readonly PlatformStack[] {
  const { database, streaming, transfer, network: ranges } = given.environment;
  const props = { ...given, catalog: withPolicyTags(given.catalog, given.environment) };
  const foundation = new FoundationStack(app, props);
  const networks = ranges ? [after([foundation], new NetworkStack(app, props, ranges))] : [];
  const lake = after([foundation], new LakeStack(app, props));
  const warehouse = after([lake], new WarehouseStack(app, props));
  const copies = transfer ? [after([lake], new TransferStack(app, props, transfer))] : [];
  const databases = database ? [after([...networks, lake], new DatabaseStack(app, props, database))] : [];
  const streams = streaming
    ? [after([foundation, ...networks], new StreamingStack(app, props, streaming))]
    : [];
  const ingestion = after([...networks, lake, warehouse, ...databases], new IngestionStack(app, props));
  const orchestration = after([ingestion, ...copies], new OrchestrationStack(app, props));
  const airflow =
    given.environment.orchestrator === "composer"
      ? [after([...networks, ingestion, ...copies], new ComposerStack(app, props))]
      : [];
  const all = [
    ...[foundation, ...networks, lake, warehouse, ...copies, ...databases, ...streams],
    ...[ingestion, orchestration, ...airflow],
  ];
  const { environment, catalog, record } = props;
  if (record !== undefined) {
    refuseRecordedChanges({ environment, catalog, record, stacks: all.map(({ node }) => node.id) });
  }
  guard(app, all, { schemas: {}, ...props });
  return all;
}

/** Makes a stack depend on others: it is deployed after them and destroyed before them. */
function after<Stack extends PlatformStack>(others: readonly PlatformStack[], stack: Stack): Stack {
  for (const other of others) stack.addDependency(other);
  return stack;
}
