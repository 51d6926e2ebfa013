import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Why plans cannot be created; undefined if they can. */
export const noTerraform =
  spawnSync("terraform", ["version"]).status === 0 ? undefined : "Terraform is not installed";

/** A module with `terraform_data` in a temporary folder, which requires no provider, network or credentials. */
export class Module {
  readonly folder = mkdtempSync(join(tmpdir(), "preview-plan-"));

  write(configuration: string): this {
    writeFileSync(join(this.folder, "main.tf"), configuration);
    return this;
  }

  apply(...variables: readonly string[]): this {
    this.terraform("init", "-input=false");
    this.terraform("apply", "-auto-approve", "-input=false", ...variables);
    return this;
  }

  /** The output of `terraform show -json`, also for a failed plan. */
  plan(...options: readonly string[]): Buffer {
    this.terraform("init", "-input=false");
    spawnSync("terraform", [`-chdir=${this.folder}`, "plan", "-input=false", "-out=plan", ...options]);
    return this.terraform("show", "-json", "plan");
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private terraform(...options: readonly string[]): Buffer {
    const { status, stdout, stderr } = spawnSync("terraform", [`-chdir=${this.folder}`, ...options]);
    if (status !== 0) throw new Error(stderr.toString());
    return stdout;
  }
}
