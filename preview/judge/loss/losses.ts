import type { Masks } from "../../mask/masks";
import type { Loss } from "../../report/assessment";
import type { LossClass } from "../../report/changes";
import { cloudName } from "../identity";
import type { RenamedConstruct } from "../renames";
import { nameForChildren, parentsOf } from "../parents";
import { isDeleted, keyOf, referenceOf, type Row } from "../rows";
import { amountOf, type Classified, wayBack, type WayBack } from "./classify";
import { holdingOf } from "./holdings";

/** A row and the effect on its data. */
export interface JudgedRow {
  readonly row: Row;
  readonly classified: Classified;
}

/** All changes that affect data or availability, worst first, including children that are deleted with their parent. */
export function lossesOf(
  judged: readonly JudgedRow[],
  rows: readonly Row[],
  renames: readonly RenamedConstruct[],
  wayBackOf: WayBack,
  masks: Masks,
): Loss[] {
  const renamed = new Map(renames.map(({ from, to }) => [from, to]));
  const own = judged.flatMap(({ row, classified }): Loss[] =>
    classified.class === "none"
      ? []
      : [
          {
            ...describeRow(row, masks),
            class: classified.class,
            action: row.action ?? "unknown",
            reason: classified.reason,
            ...wayBackFor(classified, renamed.get(row)),
            forcedBy: forcedBy(row),
          },
        ],
  );
  return [
    ...own,
    ...collateral(
      judged.map(({ row }) => row),
      rows,
      wayBackOf,
      masks,
    ),
  ].sort((one, other) => classes.indexOf(one.class) - classes.indexOf(other.class));
}

function wayBackFor({ wayBack: way }: Classified, to: Row | undefined): { wayBack?: string } {
  if (to !== undefined)
    return { wayBack: `${to.address} is the same resource; with the moved block below, no data is lost` };
  return way === undefined ? {} : { wayBack: way };
}

/** Worst first. */
export const classes: readonly LossClass[] = ["lost", "expires", "forgotten", "outage", "recreated", "none"];

/** Paths of the attributes that force the replacement. */
export function forcedBy(row: Row): string[] {
  return row.action === "replace"
    ? row.resource.replacePaths.map((steps) => steps.filter((step) => typeof step === "string").join("."))
    : [];
}

/** Children that the plan does not change, but that are deleted with their parent. */
function collateral(changed: readonly Row[], rows: readonly Row[], wayBackOf: WayBack, masks: Masks): Loss[] {
  const children = childrenByParent(rows);
  const found = new Map<string, Loss>();
  const visit = (parent: Row): void => {
    const name = nameForChildren(parent.resource.type, parent.before);
    if (name === undefined) return;
    const inProject =
      parent.resource.type === "google_project"
        ? rows.filter((row) => row.before["project"] === name && row !== parent && isKept(row))
        : [];
    for (const child of [...(children.get(`${parent.resource.type} ${name}`) ?? []), ...inProject]) {
      if (found.has(keyOf(child)) || isElsewhere(parent, child)) continue;
      const holding = holdingOf(child.resource.type, child.before);
      found.set(keyOf(child), {
        ...describeRow(child, masks),
        class: holding === undefined ? "recreated" : "lost",
        action: "collateral",
        reason:
          holding === undefined
            ? `deleted with ${parent.address}; contains no data, the next plan recreates it`
            : `${amountOf(holding, child.before)} deleted with ${parent.address}`,
        ...(holding !== undefined && wayBack(holding, child.resource.type, child.before, wayBackOf)),
        parent: parent.address,
        forcedBy: [],
      });
      visit(child);
    }
  };
  for (const row of changed) if (isDeleted(row) && row.deposed === undefined) visit(row);
  return [...found.values()];
}

function childrenByParent(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  const children = new Map<string, Row[]>();
  for (const row of rows) {
    if (!isKept(row)) continue;
    for (const { type, name } of parentsOf(row.resource.type, row.before)) {
      const key = `${type} ${name}`;
      const others = children.get(key);
      if (others === undefined) children.set(key, [row]);
      else others.push(row);
    }
  }
  return children;
}

/** Whether a resource exists and the plan keeps it. All others have a row of their own. */
function isKept(row: Row): boolean {
  return (
    row.resource.mode !== "data" && row.resource.before !== null && !isDeleted(row) && row.action !== "forget"
  );
}

/** Resources with the same name in different projects are unrelated. */
function isElsewhere(parent: Row, child: Row): boolean {
  // A service account can have grants in other projects.
  if (parent.resource.type === "google_service_account") return false;
  const [one, other] = [parent.before["project"], child.before["project"]];
  return typeof one === "string" && typeof other === "string" && one !== other;
}

function describeRow(row: Row, masks: Masks) {
  const name = cloudName(row.resource.type, row.before);
  return {
    ...referenceOf(row),
    type: row.resource.type,
    ...(name !== undefined && { name: masks.value(name) }),
  };
}
