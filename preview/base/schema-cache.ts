import { errorIn } from "../../terraform/messages";
import type { PlanSettings } from "../../terraform/plan-stack";
import type { StackFolder } from "../../terraform/stack-folder";
import { readSchemas, type Schemas } from "./schema";

/** Schemas by providers. The schema of the Google provider has tens of megabytes. */
export class SchemaCache {
  private readonly known = new Map<string, Promise<Schemas>>();

  /** @param stack an initialized stack */
  of(
    { folder, configuration }: Pick<StackFolder, "folder" | "configuration">,
    { terraform, signal, pluginDirs }: PlanSettings,
  ): Promise<Schemas> {
    const builtin = "terraform_data" in configuration.resource;
    const key = [...pluginDirs, builtin].join(" ");
    const there = this.known.get(key);
    if (there !== undefined) return there;
    const asked = terraform
      .run(["providers", "schema", "-json"], { folder, ...(signal && { signal }) })
      .then(({ exitCode, stdout, stderr }) => {
        if (exitCode === 0) return readSchemas(stdout.toString());
        throw new Error(`terraform providers schema failed: ${errorIn(stderr) ?? stderr.trim()}`);
      });
    // Prevents an unhandled rejection before a stack awaits the schemas.
    asked.catch(() => undefined);
    this.known.set(key, asked);
    return asked;
  }
}
