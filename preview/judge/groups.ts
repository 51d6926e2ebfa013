import type { Cause } from "../input";
import type { Masks } from "../mask/masks";
import type { Difference, ResourceChange, ResourceReference } from "../report/changes";
import type { ChangeGroup } from "../report/context";
import { type RenamedConstruct, referencesOf } from "./renames";
import { keyOf, referenceOf, type Row } from "./rows";

/** Groups changes by cause or similarity. Every change is in exactly one group. */
export function groupsOf(
  changes: readonly ResourceChange[],
  rows: readonly Row[],
  renames: readonly RenamedConstruct[],
  causes: readonly Cause[],
  masks: Masks,
): ChangeGroup[] {
  const left = new Map(changes.map((change) => [keyOf(change), change]));
  const take = (members: readonly ResourceReference[]): ResourceChange[] =>
    members.flatMap((member) => {
      const change = left.get(keyOf(member));
      left.delete(keyOf(member));
      return change ?? [];
    });
  const groups: ChangeGroup[] = [];
  const add = (
    group: Omit<ChangeGroup, "members" | "common">,
    members: readonly ResourceChange[],
    common: readonly Difference[] = [],
  ) => {
    if (members.length > 0) groups.push({ ...group, members: members.map(referenceOf), common });
  };
  for (const rename of renames) {
    const members = take(referencesOf(rename));
    if (members.length < 2) continue;
    const name = rename.name === undefined ? "" : ` (${masks.value(rename.name)})`;
    const title = `Renamed construct: ${rename.from.address} and ${rename.to.address} are the same resource${name}`;
    add({ title, kind: "renamed-construct", statement: rename.statement }, members);
  }
  for (const { files, resources } of causes)
    add(
      { title: `Because of ${files.join(" and ")}`, cause: files.join(" and "), kind: "cause" },
      take(resources),
    );
  const labels = take([...left.values()].filter(({ noise }) => noise === "labels"));
  add(
    { title: "Labels only", kind: "labels" },
    labels,
    unique(labels.flatMap(({ differences }) => differences)),
  );
  add(
    { title: "Computed attributes only", kind: "computed" },
    take([...left.values()].filter(({ noise }) => noise === "computed")),
  );
  for (const { from, to, members } of renamedValues([...left.values()], rows))
    add({ title: `${from} is renamed to ${to}`, kind: "renamed-value" }, take(members));
  for (const { name, members } of bySubject([...left.values()]))
    add({ title: name, kind: "data-set" }, take(members));
  for (const members of byDifference([...left.values()])) {
    const common = members[0]?.differences ?? [];
    add({ title: "Identical change", kind: "other" }, take(members), common);
  }
  add({ title: groups.length === 0 ? "Changes" : "Other changes", kind: "other" }, take([...left.values()]));
  return groups;
}

function unique(differences: readonly Difference[]): Difference[] {
  return [...new Map(differences.map((difference) => [JSON.stringify(difference), difference])).values()];
}

/** Resources whose cloud name changes, with the changes that follow from it. */
function renamedValues(changes: readonly ResourceChange[], rows: readonly Row[]) {
  if (changes.length > mostCompared) return [];
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  const names = changes.flatMap((change) => {
    const row = byKey.get(keyOf(change));
    const named = change.differences.find(({ path }) =>
      /^(?:name|dataset_id|table_id|bucket|account_id)$/.test(path),
    );
    if (row?.action !== "replace" || named?.before === undefined || named.after === undefined) return [];
    return named.before.length < 4 ? [] : [{ from: named.before, to: named.after, change }];
  });
  return names.flatMap(({ from, to, change }) => {
    const members = changes.filter(
      (other) =>
        other === change ||
        other.differences.some(
          ({ before, after }) => before?.includes(from) === true && after?.includes(to) === true,
        ),
    );
    return members.length > 1 ? [{ from, to, members }] : [];
  });
}

/** Limit for comparing all pairs of changes, which is slow and rarely helpful beyond it. */
const mostCompared = 1_000;

/** Changes of several resources that belong to one table: native table, external table, job, schedule. */
function bySubject(changes: readonly ResourceChange[]) {
  // With hundreds of tables, a list by table is not shorter than the list of changes.
  const tables = changes.filter(({ type }) => type === "google_bigquery_table");
  if (tables.length > 50) return [];
  const subjects = [
    ...new Set(
      tables.flatMap(
        ({ name }) =>
          name
            ?.split(".")
            .at(-1)
            ?.replace(/_lake$/, "") ?? [],
      ),
    ),
  ].sort((one, other) => other.length - one.length);
  const words = new Map(
    changes.map((change) => [change, normalized([change.address, change.name, change.path].join(" "))]),
  );
  const taken = new Set<ResourceChange>();
  return subjects.flatMap((name) => {
    const members = changes.filter(
      (change) => !taken.has(change) && words.get(change)?.includes(normalized(name)) === true,
    );
    if (members.length < 2) return [];
    for (const member of members) taken.add(member);
    return [{ name, members }];
  });
}

/** Separates words with underscores, so that `taxi-zones` is found in `prod-ingest-taxi-zones`. */
function normalized(text: string): string {
  return `_${text.toLowerCase().replace(/[^a-z0-9]+/g, "_")}_`;
}

/** Updates with identical differences. */
function byDifference(changes: readonly ResourceChange[]): ResourceChange[][] {
  if (changes.length > mostCompared) return [];
  const found = new Map<string, ResourceChange[]>();
  for (const change of changes) {
    if (change.action !== "update" || change.differences.length === 0) continue;
    const key = JSON.stringify([change.type, change.differences]);
    const same = found.get(key);
    if (same === undefined) found.set(key, [change]);
    else same.push(change);
  }
  return [...found.values()].filter((members) => members.length > 2);
}
