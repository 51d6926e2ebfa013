import type { Action, ChangeGroup, Difference, LossClass, Report, ResourceReference, Truth } from "../report";

/** Words that all renderers share. */

export const truthText: Readonly<Record<Truth, string>> = {
  state: "Planned against the state.",
  base: "Planned against what base would have made: no credentials were used. Ids are invented, and drift is not known.",
  json: "Compared as synthesized JSON, without Terraform: defaults of the provider are not known, and a replacement only where its attribute is known to force one.",
};

export const lossTitles: Readonly<Record<Exclude<LossClass, "none">, string>> = {
  lost: "Data lost",
  expires: "Data expires",
  forgotten: "No longer managed",
  outage: "In place, with an outage",
  recreated: "Deleted or recreated without loss",
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

/** Whether the stack must be said with every resource. */
export function hasManyStacks({ stacks }: Report): boolean {
  return stacks.filter(({ status }) => status !== "unchanged").length > 1;
}

export function referenceText({ stack, address, deposed }: ResourceReference, withStack: boolean): string {
  return `${withStack ? `${stack}: ` : ""}${address}${deposed === undefined ? "" : ` (deposed ${deposed})`}`;
}

/** What a difference shows on each side; undefined where there is nothing. */
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

/** US dollars a month. */
export function dollars(amount: number | undefined): string {
  return amount === undefined ? "unknown" : `$${amount.toFixed(2)}`;
}
