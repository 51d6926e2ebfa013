import { equal } from "../../diff/equal";
import type { Obstacle } from "../../report/assessment";
import { cloudName } from "../identity";
import type { RenamedConstruct } from "../renames";
import { referenceOf, type Row } from "../rows";
import { lookup } from "../../lookup";

/** Names that are in use during the apply, or cannot be reused after deletion. */
export function takenNames(changed: readonly Row[], renames: readonly RenamedConstruct[]): Obstacle[] {
  return [
    ...changed.flatMap(createdBeforeDeleted),
    ...changed.flatMap(blockedByReplacement),
    ...renames.flatMap(renamed),
  ];
}

/** Types whose names cannot be reused after deletion, and for how long. */
const blocked = lookup<string>({
  google_sql_database_instance: "for a week after",
  google_storage_transfer_job: "for 30 days after",
  google_project_iam_custom_role: "for 37 days after",
  google_organization_iam_custom_role: "for 37 days after",
  google_iam_workload_identity_pool: "for 30 days after",
  google_iam_workload_identity_pool_provider: "for 30 days after",
  google_project: "even after",
  google_kms_key_ring: "even after",
  google_kms_crypto_key: "even after",
  aws_secretsmanager_secret: "during the recovery window after",
  azurerm_key_vault: "during the soft delete period after",
});

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
      reason: `the new resource is created before the old one is deleted, but the name ${name} is already in use`,
      remedy: "remove create_before_destroy, or change the name",
    },
  ];
}

function blockedByReplacement(row: Row): Obstacle[] {
  const time = blocked(row.resource.type);
  if (time === undefined || row.action !== "replace") return [];
  const name = nameStays(row);
  if (name === undefined) return [];
  return [
    {
      ...referenceOf(row),
      certainty: "certain",
      reason: `the name ${name} cannot be reused ${time} its deletion`,
      remedy: "change the name",
    },
  ];
}

function renamed({ from, to, name, statement }: RenamedConstruct): Obstacle[] {
  if (name === undefined) return [];
  return [
    {
      ...referenceOf(to),
      certainty: "possible",
      reason: `${from.address} has the same name ${name} and may still exist when this resource is created (409)`,
      remedy: `the resource was only renamed in the code: add ${statement.replace(/\s+/g, " ")}`,
    },
  ];
}
