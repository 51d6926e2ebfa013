import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, TerraformResource } from "cdktf";
import { loadCatalog } from "../fixtures/catalog";
import { loadEnvironment } from "../fixtures/config";
import { addPlatform, type PlatformProps, type PlatformStack } from "../../stacks";

/** The stacks of an environment before synthesis, for tests that change them. */
export class Draft {
  constructor(private readonly stacks: readonly PlatformStack[]) {}

  /** The stack of this purpose: `lake`. */
  stack(purpose: string): PlatformStack {
    const found = this.stacks.find((stack) => stack.node.id.endsWith(`-${purpose}`));
    if (found === undefined) throw new Error(`stack ${purpose} does not exist`);
    return found;
  }

  /** Overrides an attribute of a resource, bypassing its construct. */
  set(purpose: string, path: string, attribute: string, value: unknown): void {
    const found = this.stack(purpose)
      .node.findAll()
      .find((construct) => construct.node.path.endsWith(`-${purpose}/${path}`));
    const resource = found?.node.defaultChild ?? found?.node.tryFindChild("Resource") ?? found;
    if (!TerraformResource.isTerraformResource(resource))
      throw new Error(`resource ${path} does not exist in ${purpose}`);
    resource.addOverride(attribute, value);
  }
}

/** The error of `app.synth()` after a change to the stacks of a platform. */
export function synthError(
  props: Partial<PlatformProps>,
  change: (draft: Draft) => void = () => undefined,
): Error | undefined {
  const outdir = mkdtempSync(join(tmpdir(), "synth-"));
  try {
    const app = new App({ outdir });
    const environment = props.environment ?? loadEnvironment("prod");
    change(new Draft(addPlatform(app, { catalog: loadCatalog(), ...props, environment })));
    app.synth();
    return undefined;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
