import { allowances } from "./aws-policies";
import type { Finding, Platform, Resource } from "./platform";
import { at, blocksAt, everyText, textAt, textsAt } from "./values";

/** Nothing can be read or reached by just anyone. */
export function noPublicAccess({ resources }: Platform): Finding[] {
  return resources.flatMap((resource) => [
    ...openGrants(resource),
    ...openPolicies(resource),
    ...openBuckets(resource),
    ...openDatabases(resource),
    ...openFirewalls(resource),
    ...openIdentities(resource),
  ]);
}

/** Wherever they are named: in IAM members, in a dataset's access, in the lists of objects and buckets. */
function openGrants({ path, values }: Resource): Finding[] {
  return everyText(values)
    .filter(({ text }) => /^(\w+:)?all(Authenticated)?Users$/.test(text))
    .map(({ text, within }) => ({
      path,
      found: `grants ${textAt(within, "role") ?? textAt(values, "role") ?? "a role"} to ${text}`,
      fix: "grant it to an account or a group; anyone on the internet is one of these",
    }));
}

function openPolicies(resource: Resource): Finding[] {
  return allowances(resource)
    .filter(({ principals }) => principals.includes("*"))
    .map(({ attribute }) => ({
      path: resource.path,
      found: `lets everyone in by its ${attribute}`,
      fix: "name the service or the account as its Principal",
    }));
}

function openBuckets({ type, path, values }: Resource): Finding[] {
  if (type !== "google_storage_bucket") return [];
  return [
    ...(at(values, "public_access_prevention") === "enforced"
      ? []
      : [
          {
            path,
            found: "does not prevent public access",
            fix: 'set public_access_prevention to "enforced", as StorageBucket does',
          },
        ]),
    ...(at(values, "uniform_bucket_level_access") === true
      ? []
      : [
          {
            path,
            found: "lets single objects have access lists of their own",
            fix: "set uniform_bucket_level_access to true, as StorageBucket does",
          },
        ]),
  ];
}

function openDatabases({ type, path, values }: Resource): Finding[] {
  if (type !== "google_sql_database_instance") return [];
  const ip = "settings.ip_configuration";
  const networks = blocksAt(values, `${ip}.authorized_networks`);
  return at(values, `${ip}.ipv4_enabled`) === false && networks.length === 0
    ? []
    : [
        {
          path,
          found: "has an address on the internet",
          fix: "set ipv4_enabled to false and give it a private network, as PostgresInstance does",
        },
      ];
}

function openFirewalls({ type, path, values }: Resource): Finding[] {
  if (type !== "google_compute_firewall" || blocksAt(values, "allow").length === 0) return [];
  const sources = textsAt(values, "source_ranges");
  const named = [...textsAt(values, "source_tags"), ...textsAt(values, "source_service_accounts")];
  const open = sources.some((range) => /\/0$/.test(range)) || (sources.length === 0 && named.length === 0);
  return textAt(values, "direction") === "EGRESS" || !open
    ? []
    : [
        {
          path,
          found: "lets the internet in",
          fix: "allow the addresses, tags or accounts that need it",
        },
      ];
}

/** GitHub and its like sign for everyone who has an account there. */
function openIdentities({ type, path, values }: Resource): Finding[] {
  return type === "google_iam_workload_identity_pool_provider" &&
    at(values, "attribute_condition") === undefined
    ? [
        {
          path,
          found: "lets in whatever its issuer signs",
          fix: "set attribute_condition to the repository and its owner by number, as CiIdentity does",
        },
      ]
    : [];
}
