import type { App } from "cdktf";
import type { Environment } from "../config";
import {
  encryptedWith,
  guardApp,
  keptData,
  noBasicRoles,
  noKeys,
  noPublicAccess,
  nothingLost,
  oneLocation,
  protectedData,
  requiredLabels,
  type Rule,
  schemaEvolution,
  smallRoles,
  validNames,
} from "../guardrails";
import { Names } from "./naming";
import type { PlatformStack } from "./platform-stack";
import { lockId, type SchemaLock } from "./schema-lock";

/** Makes `app.synth()` check all stacks of an environment against the rules of the platform. */
export function guard(
  app: App,
  stacks: readonly PlatformStack[],
  { environment, schemas }: { readonly environment: Environment; readonly schemas: SchemaLock },
): void {
  guardApp(app, { title: environment.name, stacks, rules: platformRules(environment, schemas) });
}

/** The rules, with what they need to know of the environment. docs/guardrails.md explains each. */
function platformRules(environment: Environment, schemas: SchemaLock): readonly Rule[] {
  const { name, region, protectData, kmsKey } = environment;
  const names = new Names(environment);
  const lake = names.bucket("lake");
  const otherBuckets = environment.existing?.lakeBucket === undefined ? [] : [lake];
  return [
    oneLocation({ location: region, otherBuckets }),
    noPublicAccess(),
    smallRoles(),
    noBasicRoles(),
    noKeys(),
    ...(kmsKey ? [encryptedWith({ key: kmsKey })] : []),
    ...(protectData ? [protectedData()] : []),
    requiredLabels({ labels: { ...environment.labels, environment: name, managed_by: "terraform" } }),
    keptData({ readers: [{ name: "the ingest job", uri: `gs://${lake}/manifests/*` }] }),
    validNames(),
    nothingLost(),
    schemaEvolution({
      deployed: schemas,
      tableId: (table) => lockId(names, table),
      fix: (id) => `revert the change, or allow the replacement: npm run golden -- --replace ${id}`,
    }),
  ];
}
