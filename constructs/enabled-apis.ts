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
  private readonly services: ReadonlyMap<string, ITerraformDependable>;

  constructor(scope: Construct, id: string, { apis }: EnabledApisProps) {
    super(scope, id);
    refuse(
      this,
      apis.map((api) => malformed("apis", api, /^[a-z]+$/, "a short name such as bigquery")),
    );
    const services = new Map<string, ITerraformDependable>();
    const ordered = [...apis].sort((a, b) => Number(b === resourceManager) - Number(a === resourceManager));
    for (const api of ordered) {
      const first = services.get(resourceManager);
      const service = new ProjectService(this, api, {
        service: `${api}.googleapis.com`,
        disableOnDestroy: false,
        disableDependentServices: false,
        dependsOn: first && [first],
      });
      services.set(api, service);
    }
    this.services = services;
  }

  /**
   * For `dependsOn` of what is made with these APIs.
   *
   * @throws ConstructError when one of them is not among those that are switched on
   */
  ready(...apis: readonly string[]): ITerraformDependable[] {
    refuse(
      this,
      apis.map((api) => !this.services.has(api) && `apis: ${api} is needed; add it to those switched on`),
    );
    return apis.flatMap((api) => this.services.get(api) ?? []);
  }
}

/** Terraform asks this API whether another one is on, so that it comes before them. */
const resourceManager = "cloudresourcemanager";
