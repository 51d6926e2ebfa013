import { rmSync, writeFileSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { offlineAws } from "../../terraform/offline-aws";
import { blocksOf, type StackFolder } from "../../terraform/stack-folder";

/** Terraform reads override files last, and their values take precedence. */
const overrideFileName = "z_preview_override.tf.json";

/**
 * Makes a copy of a stack use the state of the original. A local state file is not copied.
 *
 * @param original folder of the stack, `cdktf.out/stacks/<name>`
 */
export function keepState({ folder, configuration }: StackFolder, original: string): void {
  const path = configuration.terraform.backend?.local?.path;
  if (typeof path !== "string" || isAbsolute(path)) return;
  write(folder, { terraform: { backend: { local: { path: resolve(original, path) } } } });
}

/** Makes a copy of a stack start from an empty state, regardless of its backend. */
export function withoutState({ folder }: StackFolder): void {
  rmSync(join(folder, ".terraform", "terraform.tfstate"), { force: true });
  write(folder, { terraform: { backend: { local: { path: "none.tfstate" } } } });
}

/** Makes a copy of a stack independent of the cloud: local state, and no requests to AWS for the account. */
export function withoutCloud({ folder, configuration }: StackFolder, stateFile: string): void {
  write(folder, {
    terraform: { backend: { local: { path: stateFile } } },
    ...offlineAws(blocksOf(configuration, "aws")),
  });
}

function write(folder: string, override: object): void {
  writeFileSync(join(folder, overrideFileName), JSON.stringify(override, null, 2));
}
