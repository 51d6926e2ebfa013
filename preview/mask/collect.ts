import { isArray, isObject, type Json, type JsonObject, objectOf, WrittenNumber } from "../json";
import type { PlannedOutput, PlannedResource, StackPlan } from "../plan/stack-plan";
import { isCrossStack } from "../plan/state";
import { elements, type Flags, flagsAt, flagsOf } from "./flags";
import { isCarrier, isSecretName, judgedKey } from "./secret-names";
import { isSecretOption, looksGenerated, looksSecret, passwordIn } from "./secret-shapes";

/** All values that the plans flag as sensitive, and values in typical places of secrets. */
export function secretsIn(plans: readonly StackPlan[], isPlain: (variable: string) => boolean): Set<string> {
  const found = new Set<string>();
  const collector = new Collector(found, isPlain);
  for (const plan of plans) {
    for (const { value, sensitive } of plan.secrets) collector.visit(value, flagsOf(sensitive, false));
    for (const resource of plan.resources) visitSides(collector, resource);
    for (const resource of plan.drift) visitSides(collector, resource);
    for (const output of plan.outputs)
      if (!isCrossStack(output.name)) visitSides(collector, output, output.name);
  }
  return found;
}

function visitSides(collector: Collector, change: PlannedResource | PlannedOutput, name = ""): void {
  const flags = flagsOf(change.beforeSensitive, change.afterSensitive);
  collector.visit(change.before, flags, name);
  // Both sides of an unchanged resource are equal.
  if (change.actions[0] !== "no-op") collector.visit(change.after, flags, name);
}

class Collector {
  /** Whether values of an environment look generated: most jobs of a platform have the same ones. */
  private readonly generated = new Map<string, boolean>();

  constructor(
    private readonly found: Set<string>,
    private readonly isPlain: (variable: string) => boolean,
  ) {}

  visit(value: Json | undefined, flags: Flags, key = ""): void {
    if (flags === true) this.all(value, key);
    else if (typeof value === "string") {
      if (isSecretName(key) && !isReference(value)) this.all(value, key);
      else if (mayHoldSettings(value, key)) this.visit(jsonIn(value), false);
    } else if (typeof value !== "object" || value === null) return;
    else if (isArray(value)) {
      const inner = flags === false ? false : flagsAt(flags, elements);
      for (let at = 0; at < value.length; at += 1) {
        const [member, next] = [value[at], value[at + 1]];
        this.visit(member, inner, key);
        if (typeof member === "string" && typeof next === "string" && isSecretOption(member))
          this.all(next, "");
      }
    } else if (isObject(value)) this.members(value, flags, key);
  }

  private members(value: JsonObject, flags: Flags, key: string): void {
    const carried = isCarrier(key);
    for (const member in value) {
      const inner = value[member];
      // Fast path: most members are texts that are not secret.
      if (
        !carried &&
        flags === false &&
        typeof inner === "string" &&
        !isSecretName(member) &&
        !mayHoldSettings(inner, member)
      )
        continue;
      if (carried && typeof inner === "string" && member !== "name")
        this.variable(member === "value" ? nameOf(value) : member, inner, true);
      this.visit(inner, flags === false ? false : flagsAt(flags, member), judgedKey(member, value));
    }
    // A variable as a pair, in any place: { name: "API_KEY", value: "..." }.
    if (!carried && typeof value["value"] === "string") this.variable(nameOf(value), value["value"], false);
  }

  /** In an environment, a value that looks generated is also treated as a secret. */
  private variable(name: string, value: string, carried: boolean): void {
    if (this.isPlain(name)) return;
    if (
      (isSecretName(name) && !isReference(value)) ||
      (carried ? this.looksGenerated(value) : looksSecret(value))
    )
      this.all(value, name);
  }

  private looksGenerated(value: string): boolean {
    let known = this.generated.get(value);
    if (known === undefined) this.generated.set(value, (known = looksGenerated(value)));
    return known;
  }

  /** Adds all texts in a secret, including those in JSON and the password of a URL. */
  private all(value: Json | undefined, key: string): void {
    if (typeof value === "number" || value instanceof WrittenNumber) this.add(String(value));
    else if (typeof value === "string") {
      if (isOrdinaryKey(key) && !looksSecret(value)) return;
      this.add(value);
      const password = passwordIn(value);
      if (password !== undefined) this.add(password);
      if (/^\s*[[{]/.test(value)) this.all(jsonIn(value), "");
      if (value.includes("\n"))
        for (const line of value.split("\n")) if (line.length >= 12) this.add(line.trim());
    } else if (isArray(value)) for (const member of value) this.all(member, key);
    else for (const [name, member] of Object.entries(objectOf(value))) this.all(member, name);
  }

  private add(text: string): void {
    if (text.length >= 3 && !isOrdinary(text)) this.found.add(text);
  }
}

/** Whether a text is JSON that can contain secrets, such as the definition of a container. Schemas do not. */
function mayHoldSettings(text: string, key: string): boolean {
  const first = text.charCodeAt(0);
  return (first === 0x7b || first === 0x5b) && key !== "schema" && text.length > 10;
}

/** The name of a variable in a pair. */
function nameOf({ name }: JsonObject): string {
  return typeof name === "string" ? name : "";
}

/** If a whole resource is sensitive, its name and location are masked there, but are not secret elsewhere. */
function isOrdinaryKey(key: string): boolean {
  return ordinaryKeys.has(key);
}

const ordinaryKeys = new Set(
  "id name location region zone project type kind role member email self_link bucket dataset_id table_id".split(
    " ",
  ),
);

function isOrdinary(text: string): boolean {
  return /^(?:true|false|null|none|default|enabled|disabled|\d{1,3}|roles\/.*|-----(?:BEGIN|END)[ A-Z]*-----)$/i.test(
    text,
  );
}

/** Whether a value is the name of a secret that is stored elsewhere. */
function isReference(value: string): boolean {
  return value === "" || /^(?:projects\/|arn:|\$\{|gs:\/\/|latest$)/.test(value);
}

function jsonIn(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}
