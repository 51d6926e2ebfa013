import { type JsonObject, objectOf } from "../json";
import type { PlannedResource, StackPlan } from "../plan/stack-plan";
import type { Action, ResourceReference } from "../report";

/** A resource of a plan, with what becomes of it. */
export interface Row extends ResourceReference {
  readonly plan: StackPlan;
  readonly resource: PlannedResource;
  /** Undefined where nothing changes. */
  readonly action: Action | undefined;
  readonly before: JsonObject;
  readonly after: JsonObject;
}

/** Every resource of the plans, in the order of the plans and by address. */
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

/** What Terraform does, in one word. */
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
    // The old object stays where it is, and is no longer managed.
    case "create,forget":
    case "forget,create":
      return "create";
    default:
      return "unknown";
  }
}

/** Whether the object that is there now is deleted. */
export function isDeleted({ action }: Pick<Row, "action">): boolean {
  return action === "delete" || action === "replace";
}

/** What a resource is now, or will be where it is new. */
export function valuesOf(row: Row): JsonObject {
  return row.resource.before === null ? row.after : row.before;
}

export function referenceOf({ stack, address, deposed }: ResourceReference): ResourceReference {
  return { stack, address, ...(deposed !== undefined && { deposed }) };
}

/** Identifies a resource among all stacks. */
export function keyOf({ stack, address, deposed }: ResourceReference): string {
  return `${stack}/${address}${deposed === undefined ? "" : ` (deposed ${deposed})`}`;
}

function byAddress(one: Row, other: Row): number {
  return compareText(one.address, other.address) || compareText(one.deposed ?? "", other.deposed ?? "");
}

/** Order by code units: the same on every machine. */
export function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
