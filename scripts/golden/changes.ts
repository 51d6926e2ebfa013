import { basename, dirname } from "node:path";
import * as z from "zod/mini";
import { goldenFolder, permissionsFile, recordsFile, schemasFile } from "./files";
import { withoutNotes } from "./render";

/** Contents of files by path. */
type Files = ReadonlyMap<string, string>;

/**
 * What differs between the files before and after, one line per data set and per stack:
 * `orders: +2 tables, +1 schedule, +1 specification, schema recorded (dev, prod)`.
 *
 * @param datasets ids of all data sets, also of removed ones
 */
export function changesText(before: Files, after: Files, datasets: Iterable<string>): string[] {
  const owners = [...datasets].sort((a, b) => b.length - a.length);
  const groups = new Groups();
  const paths = new Set([...before.keys(), ...after.keys()]);
  for (const path of [...paths].sort()) {
    const [old, now] = [before.get(path), after.get(path)];
    if (old === now) continue;
    const folder = dirname(path);
    if (dirname(folder) === goldenFolder) groups.add(`example of ${basename(folder)}`, "", "changed");
    else if (folder === goldenFolder) addResources(groups, path, owners, { old, now });
    else if (path === schemasFile) addSchemas(groups, owners, { old, now });
    else groups.add(titles[path] ?? path, "", old === undefined ? "created" : "changed");
  }
  return groups.lines(owners);
}

const titles: Readonly<Record<string, string>> = {
  [recordsFile]: "record of what is deployed",
  [permissionsFile]: "permissions page",
};

interface Versions {
  readonly old: string | undefined;
  readonly now: string | undefined;
}

/** Parts of lines, by what they are about and by environment. */
class Groups {
  private readonly parts = new Map<string, Map<string, Map<string, number>>>();

  add(subject: string, environment: string, part: string): void {
    const byEnvironment = this.parts.get(subject) ?? new Map<string, Map<string, number>>();
    const counts = byEnvironment.get(environment) ?? new Map<string, number>();
    counts.set(part, (counts.get(part) ?? 0) + 1);
    this.parts.set(subject, byEnvironment.set(environment, counts));
  }

  /** Data sets first. What is the same in several environments is one line. */
  lines(datasets: readonly string[]): string[] {
    const rank = (subject: string) => (datasets.includes(subject) ? 0 : 1);
    return [...this.parts]
      .sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1))
      .flatMap(([subject, byEnvironment]) => {
        const common = [...(byEnvironment.get("") ?? new Map<string, number>())];
        const own = [...byEnvironment].filter(([environment]) => environment !== "");
        const texts = new Map<string, string[]>();
        for (const [environment, counts] of own.length > 0
          ? own
          : [["", new Map<string, number>()] as const]) {
          const text = [...counts]
            .sort(byNoun)
            .concat(common)
            .map(([part, count]) => counted(part, count))
            .join(", ");
          texts.set(text, [...(texts.get(text) ?? []), environment]);
        }
        return [...texts].map(([text, names]) => {
          const where = names.filter((name) => name !== "").join(", ");
          return `${subject}: ${text}${where === "" ? "" : ` (${where})`}`;
        });
      });
  }
}

/** What a data set consists of comes first. */
function byNoun([a]: readonly [string, number], [b]: readonly [string, number]): number {
  const order = ["table", "schedule", "specification"];
  const rank = (part: string) => order.findIndex((noun) => part.endsWith(` ${noun}`)) + 1 || order.length + 1;
  return rank(a) - rank(b);
}

/** `+2 tables` from `+ table` and 2. A part without a sign is a sentence. */
function counted(part: string, count: number): string {
  const [, sign, noun] = /^([+~-]) (.+)$/.exec(part) ?? [];
  if (sign === undefined || noun === undefined) return part;
  return `${sign}${count} ${noun}${count === 1 ? "" : "s"}`;
}

const stackShape = z.looseObject({
  resource: z._default(z.record(z.string(), z.record(z.string(), z.unknown())), {}),
});

function addResources(groups: Groups, path: string, owners: readonly string[], versions: Versions): void {
  const stack = basename(path, ".json");
  const environment = stack.slice(0, stack.indexOf("-"));
  const [old, now] = [resourcesOf(versions.old), resourcesOf(versions.now)];
  let hasChanged = false;
  for (const [address, { type, id, text }] of new Map([...old, ...now])) {
    const sign = !old.has(address)
      ? "+"
      : !now.has(address)
        ? "-"
        : old.get(address)?.text === text
          ? ""
          : "~";
    if (sign === "") continue;
    hasChanged = true;
    const owner = owners.find((name) => id === name || id.startsWith(`${name}_`));
    groups.add(owner ?? stack, owner === undefined ? "" : environment, `${sign} ${nouns[type] ?? type}`);
  }
  if (!hasChanged) groups.add(stack, "", "settings changed");
}

/** What a resource of a data set is called in the documentation. */
const nouns: Readonly<Record<string, string>> = {
  google_bigquery_table: "table",
  google_cloud_scheduler_job: "schedule",
  google_storage_bucket_object: "specification",
};

interface Resource {
  readonly type: string;
  readonly id: string;
  readonly text: string;
}

function resourcesOf(text: string | undefined): Map<string, Resource> {
  if (text === undefined) return new Map();
  const { resource } = stackShape.parse(JSON.parse(text));
  return new Map(
    Object.entries(resource).flatMap(([type, byId]) =>
      Object.entries(byId).map(([id, values]) => [
        `${type}.${id}`,
        { type, id, text: JSON.stringify(withoutNotes(values)) },
      ]),
    ),
  );
}

const shapesShape = z.record(z.string(), z.unknown());

function addSchemas(groups: Groups, owners: readonly string[], { old, now }: Versions): void {
  const [before, after] = [old, now].map((text) => shapesShape.parse(JSON.parse(text ?? "{}")));
  for (const table of new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])) {
    const [one, other] = [before?.[table], after?.[table]].map((shape) => JSON.stringify(shape));
    if (one === other) continue;
    const owner = owners.find((name) => table === name || table === `${name}_lake`) ?? table;
    const part =
      one === undefined ? "recorded" : other === undefined ? "no longer recorded" : "record changed";
    groups.add(owner, "", `schema ${part}`);
  }
}
