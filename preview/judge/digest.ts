import { createHash, createHmac } from "node:crypto";
import { equal } from "../diff/equal";
import { isArray, isObject, type Json, type JsonObject } from "../json";
import { elements, type Flags, flagsAt, flagsOf } from "../mask/flags";
import type { Masks } from "../mask/masks";
import { isSecretName } from "../mask/secret-names";
import type { PlannedOutput, PlannedResource, StackPlan } from "../plan/stack-plan";
import { compareText } from "./rows";

/**
 * Identifies exactly the changes of the plans: the set of stacks, and for every change its stack, address, deposed key,
 * actions, replace paths, unknown values, and both sides. It does not depend on order, time, serial, or irrelevant
 * drift. Secrets are included by a keyed hash, so that they cannot be guessed from the digest.
 *
 * @param others stacks without a plan, and the reason
 * @param key key for the hash of secrets. Default: the hash of everything else
 */
export function digestOf(
  plans: readonly StackPlan[],
  others: readonly string[],
  masks: Masks,
  key: string | undefined,
): string {
  const entries = plans
    .flatMap((plan): Entry[] => [
      { place: `stack ${plan.stack} ${plan.errored ? "errored" : ""}${plan.complete ? "" : "partial"}` },
      ...plan.resources.filter(changes).map((change) => ({ place: placeOf(plan.stack, change), change })),
      ...plan.outputs.filter(changes).map((change) => ({ place: placeOf(plan.stack, change), change })),
      ...plan.invocations.map((invocation) => ({ place: `invoke ${plan.stack} ${invocation}` })),
    ])
    .concat(others.map((other) => ({ place: `other ${other}` })))
    .sort((one, other) => compareText(one.place, other.place));
  const writer = new Writer(masks);
  const open = createHash("sha256");
  for (const { place, change } of entries)
    open.update(`${place}\n${change === undefined ? "" : contentOf(change, writer)}\n`);
  const plain = open.digest("hex");
  const secret = createHmac("sha256", key ?? plain);
  for (const value of writer.secrets) secret.update(`${value}\n`);
  return `sha256:${createHash("sha256")
    .update(`${plain} ${secret.digest("hex")}`)
    .digest("hex")}`;
}

/** A hashed entry; entries are ordered by place. */
interface Entry {
  readonly place: string;
  readonly change?: PlannedResource | PlannedOutput;
}

function changes(change: PlannedResource | PlannedOutput): boolean {
  return (
    change.actions.join() !== "no-op" ||
    ("previousAddress" in change && (change.previousAddress !== undefined || change.importId !== undefined))
  );
}

function placeOf(stack: string, change: PlannedResource | PlannedOutput): string {
  const place =
    "address" in change
      ? [
          "resource",
          stack,
          change.address,
          change.deposed ?? "",
          change.previousAddress ?? "",
          change.importId ?? "",
        ]
      : ["output", stack, change.name];
  return JSON.stringify([...place, change.actions]);
}

/** Both sides; unchanged attributes are included only once. */
function contentOf(change: PlannedResource | PlannedOutput, writer: Writer): string {
  const flags = flagsOf(change.beforeSensitive, change.afterSensitive);
  const { after } = change;
  const before =
    isObject(change.before) && isObject(after) ? withoutSame(change.before, after) : change.before;
  const paths = "address" in change ? writer.write(change.replacePaths, false) : "";
  const write = (value: Json | undefined) =>
    "address" in change ? writer.writeResource(value, flags) : writer.write(value, flags);
  return `${write(before)}\n${write(after)}\n${writer.write(change.unknown, false)}\n${paths}`;
}

function withoutSame(before: JsonObject, after: JsonObject): JsonObject {
  const differing: Record<string, Json | undefined> = {};
  for (const name in before) if (!equal(before[name], after[name])) differing[name] = before[name];
  return differing;
}

/** Serializes values with sorted keys and without secrets. */
class Writer {
  readonly secrets: string[] = [];
  private readonly starts = new Map<string, string>();

  constructor(private readonly masks: Masks) {}

  /** Omits volatile attributes of the resource itself; deeper, the same names can be configured, as in labels. */
  writeResource(value: Json | undefined, flags: Flags): string {
    if (!isObject(value) || flags === true) return this.write(value, flags);
    const stable: Record<string, Json | undefined> = {};
    for (const name in value) if (!volatile.has(name)) stable[name] = value[name];
    return this.write(stable, flags);
  }

  write(value: Json | undefined, flags: Flags, key = ""): string {
    if (flags === true || (typeof value === "string" && isSecretName(key))) return this.secret(value);
    if (typeof value === "string") return this.masks.holds(value) ? this.secret(value) : measured(value);
    if (typeof value !== "object" || value === null) return String(value);
    if (isArray(value)) {
      const inner = flagsAt(flags, elements);
      let list = "[";
      for (const item of value) list += `${this.write(item, inner, key)},`;
      return `${list}]`;
    }
    if (!isObject(value)) return value.digits;
    let text = "{";
    for (const name of sorted(Object.keys(value)))
      text += `${this.start(name)}${this.write(value[name], flagsAt(flags, name), name)},`;
    return `${text}}`;
  }

  /** The start of a member. A plan has thousands of resources with the same few dozen names. */
  private start(name: string): string {
    let start = this.starts.get(name);
    if (start === undefined) this.starts.set(name, (start = `${measured(name)}:`));
    return start;
  }

  private secret(value: Json | undefined): string {
    this.secrets.push(JSON.stringify(value ?? null));
    return "(secret)";
  }
}

/** Sorts only if required: Terraform already sorts keys. */
function sorted(names: string[]): string[] {
  for (let at = 1; at < names.length; at += 1)
    if ((names[at - 1] ?? "") > (names[at] ?? "")) return names.sort();
  return names;
}

/** The length prefix makes escaping unnecessary: a text cannot be confused with its surroundings. */
function measured(text: string): string {
  return `${text.length}"${text}"`;
}

/** Attributes that change without a change to the resource, which would make a digest outdated within an hour. */
const volatile = new Set([
  ...["etag", "num_bytes", "num_long_term_bytes", "num_rows", "last_modified_time", "update_time", "updated"],
  ...["generation", "metageneration", "execution_count", "latest_created_execution", "observed_generation"],
]);
