import { rmSync, writeFileSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { blocksOf, type StackFolder } from "../../terraform/stack-folder";

/** Terraform reads it after the stack's own file, and takes its values instead. */
const overrideFileName = "z_preview_override.tf.json";

/**
 * Lets a copy of a stack be planned against the stack's own state: a state in a file beside the stack stays where it is.
 *
 * @param original folder in which cdktf keeps the stack, `cdktf.out/stacks/<name>`
 */
export function keepState({ folder, configuration }: StackFolder, original: string): void {
  const path = configuration.terraform.backend?.local?.path;
  if (typeof path !== "string" || isAbsolute(path)) return;
  write(folder, { terraform: { backend: { local: { path: resolve(original, path) } } } });
}

/** Lets a copy of a stack be planned on an empty state, whatever its backend. */
export function withoutState({ folder }: StackFolder): void {
  rmSync(join(folder, ".terraform", "terraform.tfstate"), { force: true });
  write(folder, { terraform: { backend: { local: { path: "none.tfstate" } } } });
}

/** Lets a copy of a stack be planned without a cloud: state in a file beside it, AWS not asked who is calling. */
export function withoutCloud({ folder, configuration }: StackFolder, stateFile: string): void {
  const aws = blocksOf(configuration, "aws");
  write(folder, {
    terraform: { backend: { local: { path: stateFile } } },
    ...(aws.length > 0 && {
      provider: {
        aws: aws.map(({ alias }) => ({
          ...(alias !== undefined && { alias }),
          skip_credentials_validation: true,
          skip_requesting_account_id: true,
          skip_metadata_api_check: "true",
        })),
      },
    }),
  });
}

function write(folder: string, override: object): void {
  writeFileSync(join(folder, overrideFileName), JSON.stringify(override, null, 2));
}
