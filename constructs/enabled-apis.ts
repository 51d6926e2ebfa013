import { ProjectService } from "@cdktf/provider-google/lib/project-service";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { malformed, refuse } from "./errors";

export interface EnabledApisProps {
  /** Short names: `bigquery`, `run`. */
  readonly apis: readonly string[];
}

/**
 * Google APIs that are switched on, and stay on when this is destroyed: other things in the project may use them.
 * One stack of a project should own each API.
 */
export class EnabledApis extends Construct {
  /** For `dependsOn` of what needs the APIs. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { apis }: EnabledApisProps) {
    super(scope, id);
    refuse(
      this,
      apis.map((api) => malformed("apis", api, /^[a-z]+$/, "a short name such as bigquery")),
    );
    this.ready = apis.map(
      (api) =>
        new ProjectService(this, api, {
          service: `${api}.googleapis.com`,
          disableOnDestroy: false,
          disableDependentServices: false,
        }),
    );
  }
}
