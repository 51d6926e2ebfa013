import { equal } from "../../diff/equal";
import { arrayOf, blockOf, textOf } from "../../json";
import type { Masks } from "../../mask/masks";
import type { AccessChange } from "../../report";
import { cloudName } from "../identity";
import type { KnownAfter } from "../known-after";
import { compareText, referenceOf, type Row } from "../rows";
import { broadening } from "./broadening";
import { loosened } from "./conditions";
import { exposuresOf } from "./exposure";
import { type Grant, grantKey, grantsOf } from "./grants";
import type { Inside } from "./owners";

/** Who gains or loses access; broader access first. */
export function accessChanges(
  changed: readonly Row[],
  inside: Inside,
  known: KnownAfter,
  masks: Masks,
): AccessChange[] {
  const all = [
    ...grantChanges(changed, inside, known),
    ...changed.flatMap((row) => [
      ...exposure(row),
      ...identityProvider(row),
      ...customRole(row),
      ...newKey(row),
    ]),
  ];
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

function own(
  row: Row,
  on: string,
): Pick<AccessChange, "stack" | "address" | "deposed" | "on" | "authoritative" | "inside"> {
  return { ...referenceOf(row), on, authoritative: false, inside: true };
}

function thing(row: Row, kind: string): string {
  return `${kind} ${cloudName(row.resource.type, { ...row.before, ...row.after }) ?? row.address}`;
}

function exposure(row: Row): AccessChange[] {
  const { type } = row.resource;
  if (row.action === "forget") return [];
  const [old, fresh] = [exposuresOf(type, row.before), exposuresOf(type, row.after)];
  if (old.length + fresh.length === 0) return [];
  const on = thing(row, type.replace(/^(?:google|aws)_/, "").replaceAll("_", " "));
  return [
    ...fresh
      .filter((one) => !old.includes(one))
      .map((after): AccessChange => ({
        ...own(row, on),
        kind: "gained",
        who: "the internet",
        after,
        broadening: "public address",
      })),
    ...old
      .filter((one) => !fresh.includes(one))
      .map((before): AccessChange => ({ ...own(row, on), kind: "lost", who: "the internet", before })),
  ];
}

/** The identities that a Workload Identity pool provider accepts. */
function identityProvider(row: Row): AccessChange[] {
  if (row.resource.type !== "google_iam_workload_identity_pool_provider" || row.action === "forget")
    return [];
  const on = thing(row, "identity provider");
  const [old, fresh] = [textOf(row.before["attribute_condition"]), textOf(row.after["attribute_condition"])];
  const isNew = row.resource.before === null;
  if (row.resource.after === null) return [];
  const reason = isNew
    ? fresh === undefined || fresh === ""
      ? "no condition: any identity of the issuer is accepted"
      : undefined
    : (loosened(old, fresh) ?? otherIssuer(row));
  if (!isNew && equal(old, fresh) && reason === undefined) return [];
  return [
    {
      ...own(row, on),
      kind: isNew ? "gained" : "changed",
      who: `identities of ${issuerOf(row.after) ?? "an issuer"}`,
      ...(old !== undefined && { before: `if ${old}` }),
      after: fresh === undefined || fresh === "" ? "without a condition" : `if ${fresh}`,
      ...(reason !== undefined && { broadening: reason }),
    },
  ];
}

function otherIssuer(row: Row): string | undefined {
  const [old, fresh] = [issuerOf(row.before), issuerOf(row.after)];
  return fresh !== undefined && old !== fresh ? `trusts another issuer, ${fresh}` : undefined;
}

function issuerOf(values: Row["before"]): string | undefined {
  const provider = blockOf(values["oidc"] ?? values["aws"]);
  return textOf(provider["issuer_uri"]) ?? textOf(provider["account_id"]);
}

function customRole(row: Row): AccessChange[] {
  if (
    !/_iam_custom_role$/.test(row.resource.type) ||
    row.resource.before === null ||
    row.resource.after === null
  )
    return [];
  const permissions = (values: Row["before"]) =>
    arrayOf(values["permissions"]).flatMap((one) => textOf(one) ?? []);
  const [old, fresh] = [permissions(row.before), permissions(row.after)];
  const added = fresh.filter((one) => !old.includes(one)).sort(compareText);
  const removed = old.filter((one) => !fresh.includes(one)).sort(compareText);
  if (added.length + removed.length === 0) return [];
  const dangerous = added.filter((one) =>
    /setIamPolicy$|getAccessToken|signBlob|signJwt|actAs|serviceAccountKeys\.create|implicitDelegation/.test(
      one,
    ),
  );
  return [
    {
      ...own(row, thing(row, "role")),
      kind: "changed",
      who: "holders of the role",
      ...(removed.length > 0 && { before: `− ${removed.join(", ")}` }),
      ...(added.length > 0 && { after: `+ ${added.join(", ")}` }),
      ...(dangerous.length > 0 && { broadening: `the role now includes ${dangerous.join(", ")}` }),
    },
  ];
}

function newKey(row: Row): AccessChange[] {
  const { type } = row.resource;
  if (
    !/^(?:google_service_account_key|google_storage_hmac_key|google_apikeys_key|aws_iam_access_key)$/.test(
      type,
    )
  )
    return [];
  if (row.action !== "create" && row.action !== "replace") return [];
  const account =
    textOf(row.after["service_account_id"]) ??
    textOf(row.after["service_account_email"]) ??
    textOf(row.after["user"]);
  return [
    {
      ...own(row, account ?? row.address),
      kind: "gained",
      who: "holders of the new key",
      after: "a key that does not expire",
    },
  ];
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
