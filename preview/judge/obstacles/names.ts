import { equal } from "../../diff/equal";
import type { Obstacle } from "../../report";
import { cloudName } from "../identity";
import type { RenamedConstruct } from "../renames";
import { referenceOf, type Row } from "../rows";

/** Names that are taken when the apply wants them, or blocked for a while. */
export function takenNames(changed: readonly Row[], renames: readonly RenamedConstruct[]): Obstacle[] {
  return [
    ...changed.flatMap(createdBeforeDeleted),
    ...changed.flatMap(blockedByReplacement),
    ...renames.flatMap(renamed),
  ];
}

/** Types whose names stay blocked after a deletion. */
const blocked: Readonly<Record<string, string>> = {
  google_sql_database_instance: "a week",
  google_storage_transfer_job: "30 days",
  google_project_iam_custom_role: "37 days",
  google_organization_iam_custom_role: "37 days",
  google_iam_workload_identity_pool: "30 days",
  google_iam_workload_identity_pool_provider: "30 days",
  google_project: "30 days, and for good after that",
  google_kms_key_ring: "good",
  google_kms_crypto_key: "good",
  aws_secretsmanager_secret: "its recovery window",
  azurerm_key_vault: "its soft-delete period",
};

function nameStays(row: Row): string | undefined {
  const name = cloudName(row.resource.type, row.before);
  return name !== undefined && equal(name, cloudName(row.resource.type, row.after) ?? "") ? name : undefined;
}

function createdBeforeDeleted(row: Row): Obstacle[] {
  if (row.resource.actions[0] !== "create" || row.action !== "replace") return [];
  const name = nameStays(row);
  if (name === undefined) return [];
  return [
    {
      ...referenceOf(row),
      certainty: "certain",
      reason: `created before it is deleted, both under the name ${name}: the name is taken`,
      remedy: "drop create_before_destroy, or let the name change with the replacement",
    },
  ];
}

function blockedByReplacement(row: Row): Obstacle[] {
  const time = blocked[row.resource.type];
  if (time === undefined || row.action !== "replace") return [];
  const name = nameStays(row);
  if (name === undefined) return [];
  return [
    {
      ...referenceOf(row),
      certainty: "certain",
      reason: `the name ${name} stays blocked for ${time} after the deletion`,
      remedy: "give the new one another name",
    },
  ];
}

function renamed({ from, to, name, statement }: RenamedConstruct): Obstacle[] {
  if (name === undefined) return [];
  return [
    {
      ...referenceOf(to),
      certainty: "possible",
      reason: `${from.address} has the same name ${name}, and nothing says that it is deleted first: the name is taken (409)`,
      remedy: `it is the same resource, renamed: write ${statement.replace(/\s+/g, " ")}`,
    },
  ];
}
