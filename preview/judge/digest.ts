import { createHash, createHmac, type Hash } from "node:crypto";
import { isArray, isObject, type Json } from "../json";
import { elements, type Flags, flagsAt, flagsOf } from "../mask/flags";
import type { Masks } from "../mask/masks";
import { isSecretName } from "../mask/secret-names";
import type { PlannedOutput, PlannedResource, StackPlan } from "../plan/stack-plan";
import { compareText } from "./rows";

/**
 * Names exactly what the plans change: the set of stacks, and for every change its stack, address, deposed key, actions,
 * replace paths, unknown shape, and both sides. It does not depend on order, time, serial, or drift that no plan uses.
 * Secrets enter by a keyed hash, so that nobody can guess them from the digest.
 *
 * @param others stacks that are not planned, and why
 * @param key of the hash of secrets; without one, the hash of everything else is the key
 */
export function digestOf(
  plans: readonly StackPlan[],
  others: readonly string[],
  masks: Masks,
  key: string | undefined,
): string {
  const lines = plans
    .flatMap((plan) => [
      `stack ${plan.stack} ${plan.errored ? "errored" : ""}${plan.complete ? "" : "partial"}`,
      ...plan.resources.filter(changes).map((resource) => entry(plan.stack, resource, masks)),
      ...plan.outputs.filter(changes).map((output) => entry(plan.stack, output, masks)),
      ...plan.invocations.map((invocation) => `invoke ${plan.stack} ${invocation}`),
    ])
    .concat(others.map((other) => `other ${other}`))
    .map((line) => (typeof line === "string" ? { line, secrets: [] } : line))
    .sort((one, other) => compareText(one.line, other.line));
  const open = createHash("sha256");
  for (const { line } of lines) open.update(`${line}\n`);
  const plain = open.digest("hex");
  const secret = createHmac("sha256", key ?? plain);
  for (const { secrets } of lines) for (const value of secrets) secret.update(`${JSON.stringify(value)}\n`);
  return `sha256:${createHash("sha256")
    .update(`${plain} ${secret.digest("hex")}`)
    .digest("hex")}`;
}

interface Entry {
  readonly line: string;
  readonly secrets: readonly string[];
}

function changes(change: PlannedResource | PlannedOutput): boolean {
  return (
    change.actions.join() !== "no-op" ||
    ("previousAddress" in change && (change.previousAddress !== undefined || change.importId !== undefined))
  );
}

function entry(stack: string, change: PlannedResource | PlannedOutput, masks: Masks): Entry {
  const writer = new Writer(masks);
  const flags = flagsOf(change.beforeSensitive, change.afterSensitive);
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
  const before = writer.write(change.before, flags);
  const after = writer.write(change.after, flags);
  const unknown = writer.write(change.unknown, false);
  const paths =
    "address" in change
      ? writer.write(
          [...change.replacePaths].map((path) => path),
          false,
        )
      : "";
  // One hash a change keeps what has to be sorted small.
  const content = createHash("sha256")
    .update(before)
    .update("\n")
    .update(after)
    .update("\n")
    .update(unknown)
    .update("\n")
    .update(paths);
  return { line: `${JSON.stringify([...place, change.actions])} ${hex(content)}`, secrets: writer.secrets };
}

function hex(hash: Hash): string {
  return hash.digest("hex");
}

/** Writes values with sorted keys, secrets left out, and attributes that change by themselves left out. */
class Writer {
  readonly secrets: string[] = [];

  constructor(private readonly masks: Masks) {}

  write(value: Json | undefined, flags: Flags, key = ""): string {
    if (flags === true || (typeof value === "string" && isSecretName(key))) return this.secret(value);
    if (typeof value === "string") return this.masks.holds(value) ? this.secret(value) : quoted(value);
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
      if (!restless.has(name)) text += `"${name}":${this.write(value[name], flagsAt(flags, name), name)},`;
    return `${text}}`;
  }

  private secret(value: Json | undefined): string {
    this.secrets.push(JSON.stringify(value ?? null));
    return "(secret)";
  }
}

/** Terraform writes keys in order; other programs may not. */
function sorted(names: string[]): string[] {
  for (let at = 1; at < names.length; at += 1)
    if ((names[at - 1] ?? "") > (names[at] ?? "")) return names.sort();
  return names;
}

/** Most texts need no escaping. */
function quoted(text: string): string {
  return text.length < 64 && /^[\w ./:@-]*$/.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** Attributes that change without anybody changing the resource: a digest with them would be stale in an hour. */
const restless = new Set([
  ...["etag", "num_bytes", "num_long_term_bytes", "num_rows", "last_modified_time", "update_time", "updated"],
  ...["generation", "metageneration", "execution_count", "latest_created_execution", "observed_generation"],
]);
