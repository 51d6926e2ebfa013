import type { Masks } from "../../mask/masks";
import type { AccessChange } from "../../report/assessment";
import type { KnownAfter } from "../known-after";
import { compareText, referenceOf, type Row } from "../rows";
import { broadening } from "./broadening";
import { loosened } from "./conditions";
import { type Grant, grantKey, grantsOf } from "./grants";
import { otherAccess } from "./other-access";
import type { Inside } from "./owners";

/** Who gains or loses access; broader access first. */
export function accessChanges(
  changed: readonly Row[],
  inside: Inside,
  known: KnownAfter,
  masks: Masks,
): AccessChange[] {
  const all = [...grantChanges(changed, inside, known), ...changed.flatMap(otherAccess)];
  return all.map((change) => masked(change, masks)).sort(byWeight);
}

interface Held {
  readonly row: Row;
  readonly grant: Grant;
}

function grantChanges(changed: readonly Row[], inside: Inside, known: KnownAfter): AccessChange[] {
  const gained: Held[] = [];
  const lost: Held[] = [];
  for (const row of changed) {
    const { type } = row.resource;
    // A forgotten grant is kept; moves and imports do not change access.
    if (
      row.action === "forget" ||
      row.action === "move" ||
      row.action === "import" ||
      row.deposed !== undefined
    )
      continue;
    const old = row.resource.before === null ? [] : grantsOf(type, row.before);
    const fresh = row.resource.after === null ? [] : grantsOf(type, known.of(row));
    for (const grant of fresh) if (!old.some((other) => isSame(grant, other))) gained.push({ row, grant });
    for (const grant of old) if (!fresh.some((other) => isSame(grant, other))) lost.push({ row, grant });
  }
  // A grant that moves from one resource to another does not change access.
  const left = new Map<string, Held[]>();
  for (const held of lost) push(left, fullKey(held.grant), held);
  const fresh = gained.filter(({ grant }) => left.get(fullKey(grant))?.pop() === undefined);
  const old = new Replaced([...left.values()].flat());
  const changes = fresh.map((held) => gain(held, old.take(held), inside));
  return [...changes, ...old.rest().map((held) => loss(held, inside))];
}

/** Removed grants, indexed to find the grants that replace them. */
class Replaced {
  private readonly left: Set<Held>;
  private readonly sameRole = new Map<string, Held[]>();
  private readonly sameResource = new Map<Row, Held[]>();

  constructor(lost: readonly Held[]) {
    this.left = new Set(lost);
    for (const held of lost) {
      push(this.sameRole, grantKey(held.grant), held);
      push(this.sameResource, held.row, held);
    }
  }

  /** The same role with another condition, or a grant to the same member by the same resource. */
  take({ row, grant }: Held): Held | undefined {
    const found =
      this.sameRole.get(grantKey(grant))?.find((one) => this.left.has(one)) ??
      this.sameResource.get(row)?.find((one) => this.left.has(one) && one.grant.who === grant.who);
    if (found !== undefined) this.left.delete(found);
    return found;
  }

  rest(): Held[] {
    return [...this.left];
  }
}

function push<Key, Item>(map: Map<Key, Item[]>, key: Key, item: Item): void {
  const items = map.get(key);
  if (items === undefined) map.set(key, [item]);
  else items.push(item);
}

function isSame(one: Grant, other: Grant): boolean {
  return fullKey(one) === fullKey(other);
}

function fullKey(grant: Grant): string {
  return `${grantKey(grant)} ${grant.condition ?? ""}`;
}

function gain(held: Held, before: Held | undefined, inside: Inside): AccessChange {
  const { row, grant } = held;
  const isInside = inside.holds(grant);
  const sameRole = before !== undefined && grantKey(before.grant) === grantKey(grant);
  const reason = sameRole ? loosened(before.grant.condition, grant.condition) : broadening(grant, isInside);
  return {
    ...referenceOf(row),
    kind: before === undefined ? "gained" : "changed",
    who: grant.who,
    ...(before !== undefined && { before: roleText(before.grant) }),
    after: roleText(grant),
    on: before === undefined || before.grant.on === grant.on ? grant.on : `${before.grant.on} -> ${grant.on}`,
    ...(grant.condition !== undefined && { condition: grant.condition }),
    authoritative: grant.authoritative,
    inside: isInside,
    ...(reason !== undefined && { broadening: reason }),
  };
}

function roleText({ role, condition }: Grant): string {
  return condition === undefined ? role : `${role} if ${condition}`;
}

function loss({ row, grant }: Held, inside: Inside): AccessChange {
  return {
    ...referenceOf(row),
    kind: "lost",
    who: grant.who,
    before: roleText(grant),
    on: grant.on,
    ...(grant.condition !== undefined && { condition: grant.condition }),
    authoritative: grant.authoritative,
    inside: inside.holds(grant),
  };
}

function masked(change: AccessChange, masks: Masks): AccessChange {
  const { before, after, condition } = change;
  return {
    ...change,
    who: masks.value(change.who),
    on: masks.value(change.on),
    ...(before !== undefined && { before: masks.value(before) }),
    ...(after !== undefined && { after: masks.value(after) }),
    ...(condition !== undefined && { condition: masks.value(condition) }),
  };
}

function byWeight(one: AccessChange, other: AccessChange): number {
  return (
    weight(one) - weight(other) ||
    compareText(one.stack, other.stack) ||
    compareText(one.address, other.address)
  );
}

function weight({ broadening: reason, kind, inside }: AccessChange): number {
  if (reason !== undefined) return 0;
  return (kind === "changed" ? 1 : kind === "lost" ? 2 : 3) + (inside ? 4 : 0);
}
