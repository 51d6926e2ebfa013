import { ProjectService } from "@cdktf/provider-google/lib/project-service";
import type { Construct } from "constructs";
import { malformed, refuse } from "./errors";
import { type Dependency, TerraformConstruct } from "./terraform-construct";

export interface EnabledApisProps {
  /** Short names: `bigquery`, `run`. */
  readonly apis: readonly string[];
}

/**
 * Enabled Google APIs. They stay enabled when the construct is destroyed, since other resources of the project may use
 * them. Enable each API in one stack of a project only.
 */
export class EnabledApis extends TerraformConstruct {
  private readonly services: ReadonlyMap<string, ProjectService>;

  constructor(scope: Construct, id: string, { apis }: EnabledApisProps) {
    super(scope, id);
    refuse(
      this,
      apis.flatMap((api, index) => [
        malformed("apis", api, /^[a-z]+$/, "a short name such as bigquery"),
        apis.indexOf(api) < index && `apis: duplicate name "${api}"; remove one of the two`,
      ]),
    );
    const services = new Map<string, ProjectService>();
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
   * For `dependsOn` of resources that need these APIs.
   *
   * @throws ConstructError if one of them is not enabled here
   */
  ready(...apis: readonly string[]): Dependency[] {
    refuse(
      this,
      apis.map((api) => !this.services.has(api) && `apis: "${api}" is needed but not enabled; add it`),
    );
    return apis.flatMap((api) => this.services.get(api) ?? []);
  }
}

/** Terraform reads the state of other APIs from this one, so it is enabled first. */
const resourceManager = "cloudresourcemanager";
