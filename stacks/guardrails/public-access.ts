import type { Finding, Platform, Resource } from "./platform";
import { at, blocksAt, textAt, textsAt } from "./values";

/** Nothing can be read or reached by just anyone. */
export function noPublicAccess({ resources }: Platform): Finding[] {
  return resources.flatMap((resource) => [
    ...openGrants(resource),
    ...openBuckets(resource),
    ...openDatabases(resource),
  ]);
}

function openGrants({ path, values }: Resource): Finding[] {
  const members = [...textsAt(values, "member"), ...textsAt(values, "members")];
  return members
    .filter((member) => ["allUsers", "allAuthenticatedUsers"].includes(member))
    .map((member) => ({
      path,
      found: `grants ${textAt(values, "role") ?? "a role"} to ${member}`,
      fix: "grant it to an account or a group; anyone on the internet is one of these",
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
