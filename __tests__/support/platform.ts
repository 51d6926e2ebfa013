import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, TerraformResource } from "cdktf";
import { loadCatalog } from "../../catalog";
import { loadEnvironment } from "../../config";
import { addPlatform, type PlatformProps, type PlatformStack } from "../../stacks";

/** The stacks of an environment before they are synthesized, to be broken in some way. */
export class Draft {
  constructor(private readonly stacks: readonly PlatformStack[]) {}

  /** The stack of this purpose: `lake`. */
  stack(purpose: string): PlatformStack {
    const found = this.stacks.find((stack) => stack.node.id.endsWith(`-${purpose}`));
    if (found === undefined) throw new Error(`no stack ${purpose}`);
    return found;
  }

  /** Sets a value of a resource behind its construct's back. */
  set(purpose: string, path: string, attribute: string, value: unknown): void {
    const found = this.stack(purpose)
      .node.findAll()
      .find((construct) => construct.node.path.endsWith(`-${purpose}/${path}`));
    const resource = found?.node.defaultChild ?? found?.node.tryFindChild("Resource") ?? found;
    if (!TerraformResource.isTerraformResource(resource))
      throw new Error(`no resource ${path} in ${purpose}`);
    resource.addOverride(attribute, value);
  }
}

/** What `app.synth()` says of the platform of an environment after a change to its stacks. */
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
