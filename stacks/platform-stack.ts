import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { GcsBackend, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { DatasetSpec } from "../catalog/spec";
import type { Environment } from "../config";
import { Names } from "./naming";

/** What every stack is made from. */
export interface PlatformProps {
  readonly environment: Environment;
  /** Data sets by id. */
  readonly catalog: ReadonlyMap<string, DatasetSpec>;
}

/** A stack of an environment: its state, its provider, the labels of all it holds. */
export class PlatformStack extends TerraformStack {
  protected readonly names: Names;

  /** @param purpose the stack's name without the environment: `lake` */
  constructor(scope: Construct, purpose: string, { environment }: PlatformProps) {
    super(scope, `${environment.name}-${purpose}`);
    this.names = new Names(environment);
    new GcsBackend(this, { bucket: this.names.bucket("state"), prefix: `${environment.name}/${purpose}` });
    new GoogleProvider(this, "google", {
      project: environment.project.id,
      region: environment.region,
      defaultLabels: { ...environment.labels, environment: environment.name, managed_by: "terraform" },
    });
  }
}
