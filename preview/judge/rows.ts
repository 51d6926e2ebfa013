import { type JsonObject, objectOf } from "../json";
import type { PlannedResource, StackPlan } from "../plan/stack-plan";
import type { Action, ResourceReference } from "../report/changes";

/** A resource of a plan and its action. */
export interface Row extends ResourceReference {
  readonly plan: StackPlan;
  readonly resource: PlannedResource;
  /** Undefined without a change. */
  readonly action: Action | undefined;
  readonly before: JsonObject;
  readonly after: JsonObject;
}

/** All resources of the plans, in the order of the plans and by address. */
export function rowsOf(plans: readonly StackPlan[]): Row[] {
  return plans.flatMap((plan) => plan.resources.map((resource) => rowOf(plan, resource)).sort(byAddress));
}

export function rowOf(plan: StackPlan, resource: PlannedResource): Row {
  return {
    stack: plan.stack,
    address: resource.address,
    ...(resource.deposed !== undefined && { deposed: resource.deposed }),
    plan,
    resource,
    action: actionOf(resource),
    before: objectOf(resource.before),
    after: objectOf(resource.after),
  };
}

/** The action of Terraform in one word. */
export function actionOf({ actions, previousAddress, importId }: PlannedResource): Action | undefined {
  switch (actions.join()) {
    case "no-op":
      return importId !== undefined ? "import" : previousAddress !== undefined ? "move" : undefined;
    case "create":
    case "update":
    case "delete":
    case "forget":
    case "read":
      return actions.join() as "create";
    case "delete,create":
    case "create,delete":
      return "replace";
    // The old object is kept, but no longer managed.
    case "create,forget":
    case "forget,create":
      return "create";
    default:
      return "unknown";
  }
}

/** Whether the existing object is deleted. */
export function isDeleted({ action }: Pick<Row, "action">): boolean {
  return action === "delete" || action === "replace";
}

/** The current values of a resource, or the planned values of a new one. */
export function valuesOf(row: Row): JsonObject {
  return row.resource.before === null ? row.after : row.before;
}

export function referenceOf({ stack, address, deposed }: ResourceReference): ResourceReference {
  return { stack, address, ...(deposed !== undefined && { deposed }) };
}

/** Identifies a resource across stacks. */
export function keyOf({ stack, address, deposed }: ResourceReference): string {
  return `${stack}/${address}${deposed === undefined ? "" : ` (deposed ${deposed})`}`;
}

function byAddress(one: Row, other: Row): number {
  return compareText(one.address, other.address) || compareText(one.deposed ?? "", other.deposed ?? "");
}

/** Compares by code units, independently of the locale. */
export function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
