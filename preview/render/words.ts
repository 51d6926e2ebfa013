import type { Report, Truth } from "../report";
import type { Action, Difference, LossClass, ResourceReference } from "../report/changes";
import type { ChangeGroup } from "../report/context";

/** Texts of all renderers. */

export const truthText: Readonly<Record<Truth, string>> = {
  state: "Planned against the state.",
  base: "Planned without credentials, against the state that base would create. IDs are placeholders, and drift is unknown.",
  json: "Compared as synthesized JSON, without Terraform. Provider defaults are unknown, and replacements are reported only for attributes that are known to force one.",
};

export const lossTitles: Readonly<Record<Exclude<LossClass, "none">, string>> = {
  lost: "Data lost",
  expires: "Data expires",
  forgotten: "No longer managed",
  outage: "Updated in place, with an outage",
  recreated: "Deleted or recreated without data loss",
};

export function actionText(action: Action | "collateral"): string {
  return action === "collateral" ? "not in the plan" : action;
}

/** `3 changes in 2 stacks`. */
export function groupText({ members }: ChangeGroup): string {
  const stacks = new Set(members.map(({ stack }) => stack)).size;
  return `${plural(members.length, "change")}${stacks > 1 ? ` in ${stacks} stacks` : ""}`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Whether resources must be shown with their stack. */
export function hasManyStacks({ stacks }: Report): boolean {
  return stacks.filter(({ status }) => status !== "unchanged").length > 1;
}

export function referenceText({ stack, address, deposed }: ResourceReference, withStack: boolean): string {
  return `${withStack ? `${stack}: ` : ""}${address}${deposed === undefined ? "" : ` (deposed ${deposed})`}`;
}

/** The shown sides of a difference; undefined if a side is empty. */
export function sidesOf({ before, after, note, kind }: Difference): {
  readonly before?: string;
  readonly after?: string;
} {
  const unknown = note?.includes("known after apply") === true && after === undefined;
  return {
    ...(before !== undefined && { before }),
    ...(unknown && kind !== "removed" ? { after: "(known after apply)" } : after !== undefined && { after }),
  };
}

/** Formats US dollars. */
export function dollars(amount: number | undefined): string {
  return amount === undefined ? "unknown" : `$${amount.toFixed(2)}`;
}
