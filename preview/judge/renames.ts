import type { JsonObject } from "../json";
import { cloudIdentity, cloudName, maySharePlace } from "./identity";
import { referenceOf, type Row } from "./rows";
import type { ResourceReference } from "../report/changes";

/** A resource that is deleted at one address and created at another, but has the same identity in the cloud. */
export interface RenamedConstruct {
  readonly from: Row;
  readonly to: Row;
  /** Name in the cloud; undefined for grants and similar resources. */
  readonly name?: string;
  /** The block that turns the change into a move. */
  readonly statement: string;
}

export function renamedConstructs(changed: readonly Row[]): RenamedConstruct[] {
  const deleted = new Map<string, Row[]>();
  for (const row of changed) {
    const identity =
      row.action === "delete" && row.deposed === undefined ? identityOf(row, row.before) : undefined;
    if (identity !== undefined) deleted.set(identity, [...(deleted.get(identity) ?? []), row]);
  }
  return changed.flatMap((to): RenamedConstruct[] => {
    const identity = to.action === "create" ? identityOf(to, to.after) : undefined;
    const candidates = identity === undefined ? undefined : deleted.get(identity);
    const at = candidates?.findIndex((row) => maySharePlace(row.resource.type, row.before, to.after)) ?? -1;
    const from = candidates?.splice(at, at === -1 ? 0 : 1)[0];
    if (from === undefined) return [];
    const name = cloudName(to.resource.type, to.after);
    return [{ from, to, ...(name !== undefined && { name }), statement: statementFor(from, to) }];
  });
}

/** Both addresses of a rename. */
export function referencesOf({ from, to }: RenamedConstruct): ResourceReference[] {
  return [referenceOf(from), referenceOf(to)];
}

/** The identity of types with known names; undefined for all other types. */
function identityOf(row: Row, values: JsonObject): string | undefined {
  return /^(?:google|aws|azurerm)_/.test(row.resource.type)
    ? cloudIdentity(row.resource.type, values)
    : undefined;
}

function statementFor(from: Row, to: Row): string {
  if (from.stack !== to.stack)
    return `removed block for ${from.address} in ${from.stack}, import block for ${to.address} in ${to.stack}`;
  return `moved {\n  from = ${from.address}\n  to   = ${to.address}\n}`;
}
