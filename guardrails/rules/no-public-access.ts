import { allowances } from "../aws-policies";
import type { Finding, Rule } from "../rule";
import type { Resource } from "../synthesis";
import { at, blocksAt, everyText, textAt, textsAt } from "../values";

/** Nothing can be read or reached by everyone. */
export function noPublicAccess(): Rule {
  return ({ resources }): Finding[] =>
    resources.flatMap((resource) => [
      ...openGrants(resource),
      ...openPolicies(resource),
      ...openBuckets(resource),
      ...openDatabases(resource),
      ...openFirewalls(resource),
      ...openIdentities(resource),
    ]);
}

/** In any argument: IAM members, access blocks of datasets, access control lists of buckets and objects. */
function openGrants({ path, values }: Resource): Finding[] {
  return everyText(values)
    .filter(({ text }) => /^(\w+:)?all(Authenticated)?Users$/.test(text))
    .map(({ text, within }) => ({
      path,
      found: `grants ${textAt(within, "role") ?? textAt(values, "role") ?? "a role"} to ${text}`,
      fix: "grant it to a service account or a group",
    }));
}

function openPolicies(resource: Resource): Finding[] {
  return allowances(resource)
    .filter(({ principals }) => principals.includes("*"))
    .map(({ attribute }) => ({
      path: resource.path,
      found: `allows everyone in its ${attribute}`,
      fix: "name the service or the account as the Principal",
    }));
}

function openBuckets({ type, path, values }: Resource): Finding[] {
  if (type !== "google_storage_bucket") return [];
  const preventable = {
    path,
    found: "does not prevent public access",
    fix: 'set public_access_prevention to "enforced"',
  };
  const fineGrained = {
    path,
    found: "allows access control lists on single objects",
    fix: "set uniform_bucket_level_access to true",
  };
  return [
    ...(at(values, "public_access_prevention") === "enforced" ? [] : [preventable]),
    ...(at(values, "uniform_bucket_level_access") === true ? [] : [fineGrained]),
  ];
}

function openDatabases({ type, path, values }: Resource): Finding[] {
  if (type !== "google_sql_database_instance") return [];
  const ip = "settings.ip_configuration";
  const networks = blocksAt(values, `${ip}.authorized_networks`);
  if (at(values, `${ip}.ipv4_enabled`) === false && networks.length === 0) return [];
  return [
    {
      path,
      found: "has a public IP address",
      fix: "set ipv4_enabled to false, remove authorized_networks, and set a private_network",
    },
  ];
}

function openFirewalls({ type, path, values }: Resource): Finding[] {
  if (type !== "google_compute_firewall" || blocksAt(values, "allow").length === 0) return [];
  const sources = textsAt(values, "source_ranges");
  const named = [...textsAt(values, "source_tags"), ...textsAt(values, "source_service_accounts")];
  const open = sources.some((range) => /\/0$/.test(range)) || (sources.length === 0 && named.length === 0);
  if (textAt(values, "direction") === "EGRESS" || !open) return [];
  return [
    {
      path,
      found: "allows traffic from the internet",
      fix: "allow only the address ranges, tags, or service accounts that need it",
    },
  ];
}

/** An issuer such as GitHub signs tokens for everyone who has an account there. */
function openIdentities({ type, path, values }: Resource): Finding[] {
  if (type !== "google_iam_workload_identity_pool_provider") return [];
  if (at(values, "attribute_condition") !== undefined) return [];
  return [
    {
      path,
      found: "accepts every token of its issuer",
      fix: "set attribute_condition to the ids of the repository and its owner",
    },
  ];
}
