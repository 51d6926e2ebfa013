import type { Finding, Platform, Values } from "./platform";
import { at, blocksAt, textAt, textsAt } from "./values";

/** No bucket deletes by age what an external table reads: queries would silently lose rows. */
export function readDataIsKept({ resources }: Platform): Finding[] {
  const read = resources.flatMap(({ path, values }) =>
    textsAt(values, "external_data_configuration.source_uris").map((uri) => ({ table: path, uri })),
  );
  return resources.flatMap(({ type, path, values }) => {
    if (type !== "google_storage_bucket") return [];
    const root = `gs://${textAt(values, "name") ?? ""}/`;
    return deletedPrefixes(values).flatMap((prefix) =>
      read
        .filter(({ uri }) => overlap(root + prefix, uri.replace(/\*.*$/, "")))
        .map(({ table, uri }) => ({
          path,
          found: `deletes ${prefix === "" ? "all objects" : prefix} by age, and ${table} reads ${uri}`,
          fix: "let the rule match other prefixes, or old versions only",
        })),
    );
  });
}

/** Prefixes whose living objects some rule deletes; the empty one is the whole bucket. */
function deletedPrefixes(bucket: Values): string[] {
  return blocksAt(bucket, "lifecycle_rule").flatMap((rule) => {
    if (at(rule, "action.type") !== "Delete" || at(rule, "condition.with_state") === "ARCHIVED") return [];
    const prefixes = textsAt(rule, "condition.matches_prefix");
    return prefixes.length === 0 ? [""] : prefixes;
  });
}

function overlap(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}
