import { rmSync } from "node:fs";
import { join } from "node:path";
import type { App } from "cdktf";
import type { Environment } from "../../config";
import { faultsText } from "../../errors/faults";
import type { PlatformStack } from "../platform-stack";
import { noKeys } from "./keys";
import { labelled } from "./labels";
import { readDataIsKept } from "./lifecycle";
import { oneLocation } from "./location";
import { nothingLost } from "./lost-resources";
import { goodNames } from "./names";
import { type Finding, readPlatform, type Rule } from "./platform";
import { protectedData } from "./protection";
import { noPublicAccess } from "./public-access";
import { smallRoles } from "./roles";
import type { SchemaLock } from "../schema-lock";
import { schemaEvolution } from "./schema-evolution";

/** Rules on what is synthesized, whatever construct it comes from. docs/guardrails.md says why. */
const rules: readonly Rule[] = [
  oneLocation,
  noPublicAccess,
  smallRoles,
  noKeys,
  protectedData,
  labelled,
  readDataIsKept,
  goodNames,
  nothingLost,
];

/** The synthesized stacks break rules of the platform; the message lists every finding with its construct's path. */
export class GuardrailError extends Error {
  override readonly name = "GuardrailError";
  constructor(
    environment: string,
    readonly findings: readonly Finding[],
  ) {
    const lines = findings.map(({ path, found, fix }) => `${path} ${found}\n    ${fix}`);
    super(faultsText(environment, lines, "finding"));
  }
}

/** Makes `app.synth()` check all stacks together; when a rule is broken it throws, and leaves no manifest. */
export function guard(
  app: App,
  stacks: readonly PlatformStack[],
  props: { readonly environment: Environment; readonly schemas: SchemaLock },
): void {
  app.node.addValidation({
    validate: () => {
      const platform = readPlatform(props.environment, stacks);
      const all = [...rules, schemaEvolution(props.schemas)];
      const findings = all.flatMap((rule) => rule(platform));
      if (findings.length === 0) return [];
      // One of an earlier synthesis would say that this one succeeded.
      rmSync(join(app.outdir, "manifest.json"), { force: true });
      throw new GuardrailError(props.environment.name, findings);
    },
  });
}
