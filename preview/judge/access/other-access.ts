import { equal } from "../../diff/equal";
import { arrayOf, blockOf, objectOf, textOf } from "../../json";
import type { AccessChange } from "../../report/assessment";
import { cloudName } from "../identity";
import { compareText, referenceOf, type Row } from "../rows";
import { loosened } from "./conditions";
import { anySource, exposuresOf } from "./exposure";

/** Access that does not come from grants: from the internet, by identity providers, custom roles and keys. */
export function otherAccess(row: Row): AccessChange[] {
  return [
    ...exposure(row),
    ...identityProvider(row),
    ...customRole(row),
    ...newKey(row),
    ...unknownPolicy(row),
    ...enabledIdentity(row),
  ];
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
      .filter((one) => !old.includes(one) && !(row.resource.before === null && one === anySource))
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
  const [old, fresh] = [conditionIn(row.before), conditionIn(row.after)];
  const isNew = row.resource.before === null;
  if (row.resource.after === null) return [];
  if (objectOf(row.resource.unknown)["attribute_condition"] === true)
    return [
      {
        ...own(row, on),
        kind: isNew ? "gained" : "changed",
        who: `identities of ${issuerOf(row.after) ?? "an issuer"}`,
        ...(old !== undefined && { before: `if ${old}` }),
        after: "a condition known after apply",
        ...(!isNew && { broadening: "the condition is known only after the apply" }),
      },
    ];
  const reason = isNew
    ? fresh === undefined || fresh === ""
      ? "no condition: any identity of the issuer is accepted"
      : undefined
    : (loosened(old, fresh) ?? otherIssuer(row) ?? moreAudiences(row) ?? enabledAgain(row));
  if (!isNew && equal(old, fresh) && reason === undefined) return mapping(row, on);
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

/** A condition that is always true is none. */
function conditionIn(values: Row["before"]): string | undefined {
  const condition = textOf(values["attribute_condition"]);
  return condition !== undefined && /^[\s()]*true[\s()]*$/.test(condition) ? undefined : condition;
}

function otherIssuer(row: Row): string | undefined {
  const [old, fresh] = [issuerOf(row.before), issuerOf(row.after)];
  return fresh !== undefined && old !== fresh ? `trusts another issuer, ${fresh}` : undefined;
}

/** Without audiences, only the resource name of the provider is accepted. */
function moreAudiences({ before, after }: Row): string | undefined {
  const audiences = (values: Row["before"]) =>
    arrayOf(blockOf(values["oidc"])["allowed_audiences"]).flatMap((one) => textOf(one) ?? []);
  const added = audiences(after).filter((one) => !audiences(before).includes(one));
  return added.length === 0 ? undefined : `accepts additional audiences: ${added.join(", ")}`;
}

function enabledAgain({ before, after }: Row): string | undefined {
  return before["disabled"] === true && after["disabled"] !== true ? "the provider is enabled" : undefined;
}

/** Attributes of identities that grants refer to. */
function mapping(row: Row, on: string): AccessChange[] {
  const [old, fresh] = [row.before["attribute_mapping"], row.after["attribute_mapping"]];
  if (row.resource.before === null || equal(old, fresh)) return [];
  return [
    {
      ...own(row, on),
      kind: "changed",
      who: `identities of ${issuerOf(row.after) ?? "an issuer"}`,
      before: `attribute mapping ${JSON.stringify(old ?? {})}`,
      after: `attribute mapping ${JSON.stringify(fresh ?? {})}`,
    },
  ];
}

function issuerOf(values: Row["before"]): string | undefined {
  const provider = blockOf(values["oidc"] ?? values["aws"]);
  return textOf(provider["issuer_uri"]) ?? textOf(provider["account_id"]);
}

function customRole(row: Row): AccessChange[] {
  if (!/_iam_custom_role$/.test(row.resource.type) || row.resource.after === null) return [];
  const isNew = row.resource.before === null;
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
  // A new role has no holders yet, and the grants of the plan are judged by themselves.
  if (isNew && dangerous.length === 0) return [];
  const shown = isNew ? dangerous : added;
  return [
    {
      ...own(row, thing(row, "role")),
      kind: isNew ? "gained" : "changed",
      who: "holders of the role",
      ...(removed.length > 0 && { before: `− ${removed.join(", ")}` }),
      ...(shown.length > 0 && { after: `+ ${shown.join(", ")}` }),
      ...(!isNew && dangerous.length > 0 && { broadening: `the role now includes ${dangerous.join(", ")}` }),
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

/** An authoritative policy or binding whose members are known only after the apply. */
function unknownPolicy(row: Row): AccessChange[] {
  const [, service, kind] = /^google_(\w+)_iam_(policy|binding)$/.exec(row.resource.type) ?? [];
  const unknown = objectOf(row.resource.unknown);
  if (service === undefined || row.resource.after === null) return [];
  if (kind === "policy" ? unknown["policy_data"] !== true : unknown["members"] !== true) return [];
  const role = textOf(row.after["role"]) ?? "all roles";
  return [
    {
      ...own(row, textOf(row.after["project"]) ?? row.address),
      kind: row.resource.before === null ? "gained" : "changed",
      who: "members known after apply",
      after: role,
      authoritative: true,
      inside: false,
      broadening: "replaces the members of the role by members known only after the apply",
    },
  ];
}

function enabledIdentity(row: Row): AccessChange[] {
  const { type } = row.resource;
  if (type !== "google_service_account" && type !== "google_iam_workload_identity_pool") return [];
  if (row.action !== "update" || row.before["disabled"] !== true || row.after["disabled"] === true) return [];
  const on = thing(row, type === "google_service_account" ? "service account" : "pool");
  return [
    { ...own(row, on), kind: "gained", who: "its identities", after: "all their grants: it is enabled" },
  ];
}
