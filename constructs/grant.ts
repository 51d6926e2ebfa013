import { createHash } from "node:crypto";
import { type TerraformResource, TerraformStack } from "cdktf";
import { type Construct, Dependable, DependencyGroup, type IDependable } from "constructs";
import { resolvedJson } from "./resolved";
import type { Identity } from "./service-identity";

/**
 * Access that was granted. Whatever needs the access can wait for it: pass the grant to `dependsOn` or to
 * `node.addDependency` of any construct.
 */
export class Grant implements IDependable {
  /** Several grants as one. */
  static all(...grants: readonly Grant[]): Grant {
    return new Grant(grants.flatMap(({ resources }) => resources));
  }

  /** @param resources the resources that Terraform creates for the grant */
  constructor(readonly resources: readonly TerraformResource[]) {
    Dependable.implement(this, Dependable.of(new DependencyGroup(...resources)));
  }
}

/** A condition in Common Expression Language that limits a grant. */
export interface GrantCondition {
  /** Short name, shown in the console. */
  readonly title: string;
  /** The expression: `resource.name == "..."`. */
  readonly expression: string;
}

/** A generated resource class whose resources are grants. */
interface GrantResource<Config> {
  new (scope: Construct, id: string, config: Config): TerraformResource;
  readonly tfResourceType: string;
}

/**
 * Creates the resource of a grant, unless its stack already has one that grants the same: Terraform would manage one
 * binding twice, and deleting either would revoke both.
 *
 * @param id the resource's id; a hash is appended if another grant has it
 * @param same what makes two grants the same. @default - all of `config`
 */
export function grantOnce<Config extends object>(
  scope: Construct,
  id: string,
  Resource: GrantResource<Config>,
  config: Config,
  same: object = config,
): Grant {
  const key = `${Resource.tfResourceType} ${resolvedJson(scope, withPlainMember(same))}`;
  const existing = grantsOf(scope);
  const found = existing.get(key);
  if (found !== undefined) return new Grant([found]);
  const free = scope.node.tryFindChild(id) === undefined ? id : `${id}-${hash(key)}`;
  const created = new Resource(scope, free, config);
  existing.set(key, created);
  return new Grant([created]);
}

/** `roles/bigquery.jobUser` -> `bigquery-job-user`, the stable id of a grant. */
export function grantId(role: string, identity?: Identity): string {
  const words = role
    .replace(/^.*roles\//, "")
    .replaceAll(/([a-z])([A-Z])/g, "$1-$2")
    .replaceAll(".", "-")
    .toLowerCase();
  return identity === undefined ? words : `${words}-${identity.node.id}`;
}

const grantsByStack = new WeakMap<TerraformStack, Map<string, TerraformResource>>();

function grantsOf(scope: Construct): Map<string, TerraformResource> {
  const stack = TerraformStack.of(scope);
  const grants = grantsByStack.get(stack) ?? new Map<string, TerraformResource>();
  grantsByStack.set(stack, grants);
  return grants;
}

/** IAM ignores the case of email addresses. */
function withPlainMember(values: object): object {
  return "member" in values && typeof values.member === "string"
    ? { ...values, member: values.member.toLowerCase() }
    : values;
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
