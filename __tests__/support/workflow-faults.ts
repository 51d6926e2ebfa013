import type { WorkflowSource, WorkflowValue } from "../../constructs/workflow-source";
import { type Expression, maxLength, parse, parts } from "./workflow-expression";
import { functions, isList, isMap } from "./workflow-functions";

/** What each call takes; from the reference of the standard library. */
const calls: Readonly<Record<string, readonly string[]>> = {
  "http.get": ["url", "headers", "query", "auth", "timeout"],
  "http.post": ["url", "headers", "query", "auth", "timeout", "body"],
  "sys.log": ["data", "text", "json", "severity"],
  "sys.sleep": ["seconds"],
};

/** What a step may hold beside its name. */
const bodies = ["assign", "call", "for", "parallel", "raise", "return", "switch", "try", "steps"];
const extras: Readonly<Record<string, readonly string[]>> = {
  assign: ["next"],
  call: ["args", "result", "next"],
  for: ["next"],
  parallel: ["next"],
  raise: [],
  return: [],
  switch: ["next"],
  try: ["retry", "except"],
  steps: ["next"],
};
const policies = ["${http.default_retry}", "${http.default_retry_non_idempotent}"];
const predicates = ["${http.default_retry_predicate}", "${http.default_retry_predicate_non_idempotent}"];

interface Named {
  readonly name: string;
  readonly body: Readonly<Record<string, WorkflowValue>>;
}

/** What Google Workflows would refuse, or never get to, in a program; one sentence each. */
export function workflowFaults(source: WorkflowSource): string[] {
  return Object.entries(source).flatMap(([subworkflow, { params = [], steps }]) => {
    const all = every(steps);
    const names = all.map(({ name }) => name);
    const variables = new Set([...params, ...all.flatMap(({ body }) => declared(body))]);
    const found = [
      ...names
        .filter((name, index) => names.indexOf(name) < index)
        .map((name) => `step ${name} is there twice`),
      ...lists(steps).flatMap(unreached),
      ...parallelFaults(steps, params),
      ...all.flatMap(({ name, body }) => [
        ...shapeFaults(body).map((fault) => `step ${name}: ${fault}`),
        ...callFaults(body, source).map((fault) => `step ${name}: ${fault}`),
      ]),
      ...all.flatMap(({ name, body }) => {
        // The steps inside are there in their own right.
        const own = Object.fromEntries(
          Object.entries(body).map(([key, value]) => [key, withoutSteps(value)]),
        );
        return expressionFaults(own, variables).map((fault) => `step ${name}: ${fault}`);
      }),
    ];
    return found.map((fault) => `${subworkflow}: ${fault}`);
  });
}

/** All steps, those inside of others too. */
function every(steps: readonly WorkflowValue[]): Named[] {
  return lists(steps).flat();
}

/** Each list of steps on its own: jumps stay inside one. */
function lists(steps: readonly WorkflowValue[]): Named[][] {
  const named = steps.map((step) => {
    const [name = "", body] = Object.entries(isMap(step) ? step : {})[0] ?? [];
    return { name, body: isMap(body) ? body : {} };
  });
  return [named, ...named.flatMap(({ body }) => inner(body).flatMap(lists))];
}

function inner(value: WorkflowValue): (readonly WorkflowValue[])[] {
  if (isList(value)) return value.flatMap((item) => inner(item));
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    key === "steps" && isList(part) ? [part] : inner(part),
  );
}

/** Steps of a list that no way leads to, and jumps that lead nowhere. */
function unreached(list: readonly Named[]): string[] {
  const names = list.map(({ name }) => name);
  const targets = (index: number): string[] => {
    const body = list[index]?.body ?? {};
    const jumps = nexts(body);
    const leaves = "raise" in body || "return" in body || typeof body.next === "string";
    const following = names[index + 1];
    return leaves || following === undefined ? jumps : [...jumps, following];
  };
  const seen = new Set<string>();
  const visit = (name: string) => {
    const index = names.indexOf(name);
    if (seen.has(name) || index < 0) return;
    seen.add(name);
    targets(index).forEach(visit);
  };
  if (names[0] !== undefined) visit(names[0]);
  const jumps = list.flatMap(({ name, body }) => nexts(body).map((target) => ({ name, target })));
  return [
    ...names.filter((name) => !seen.has(name)).map((name) => `step ${name} is never reached`),
    ...jumps
      .filter(({ target }) => target !== "end" && !names.includes(target))
      .map(({ name, target }) => `step ${name}: there is no step ${target} beside it`),
  ];
}

/** Where a step may jump to, not counting the steps inside of it. */
function nexts(value: WorkflowValue): string[] {
  if (isList(value)) return value.flatMap((item) => nexts(item));
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    key === "next" && typeof part === "string" ? [part] : key === "steps" ? [] : nexts(part),
  );
}

function shapeFaults(body: Named["body"]): string[] {
  const kinds = Object.keys(body).filter((key) => bodies.includes(key));
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1)
    return [`must do one thing, does ${kinds.join(", ") || "nothing"}`];
  const unknown = Object.keys(body).filter((key) => key !== kind && !extras[kind]?.includes(key));
  return [
    ...unknown.map((key) => `${kind} does not take ${key}`),
    ...("retry" in body && !isPolicy(body.retry) ? [`there is no policy ${JSON.stringify(body.retry)}`] : []),
  ];
}

/** One of those there are, or one of one's own with all that belongs to it. */
function isPolicy(retry: WorkflowValue | undefined): boolean {
  if (typeof retry === "string") return policies.includes(retry);
  if (!isMap(retry) || !isMap(retry.backoff)) return false;
  return (
    typeof retry.predicate === "string" &&
    predicates.includes(retry.predicate) &&
    typeof retry.max_retries === "number" &&
    ["initial_delay", "max_delay", "multiplier"].every((key) => isMap(retry.backoff) && key in retry.backoff)
  );
}

/**
 * Variables that an iteration of a parallel step writes although they are the parent's and not shared, which
 * Workflows refuses; and returns, of whose meaning there its reference says nothing.
 */
function parallelFaults(steps: readonly WorkflowValue[], params: readonly string[]): string[] {
  return every(steps).flatMap(({ name, body }) => {
    if (!isMap(body.parallel)) return [];
    const { shared = [], for: loop } = body.parallel;
    const inner = isMap(loop) && isList(loop.steps) ? loop.steps : [];
    const mine = isMap(loop) && typeof loop.value === "string" ? [loop.value] : [];
    const outside = [...params, ...declared(without(steps, body.parallel))].map(root);
    const written = [...new Set([...declared(inner), ...mine].map(root))];
    return [
      ...written
        .filter((variable) => outside.includes(variable))
        .filter((variable) => !(isList(shared) && shared.includes(variable)))
        .map((variable) => `step ${name}: ${variable} is written in parallel and not shared`),
      ...every(inner)
        .filter((step) => "return" in step.body)
        .map((step) => `step ${step.name}: nothing returns from within a parallel step`),
    ];
  });
}

/** `outcomes[period]` writes `outcomes`. */
function root(target: string): string {
  return target.replace(/[[.].*$/, "");
}

/** A program with one part of it left out. */
function without(value: WorkflowValue, part: WorkflowValue): WorkflowValue {
  if (value === part) return null;
  if (isList(value)) return value.map((item) => without(item, part));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, without(item, part)]));
}

function callFaults(body: Named["body"], source: WorkflowSource): string[] {
  const { call, args } = isMap(body.try) ? body.try : body;
  if (typeof call !== "string") return [];
  const known = calls[call] ?? source[call]?.params ?? (call in source ? [] : undefined);
  if (known === undefined) return [`there is nothing to call by the name ${call}`];
  const given = Object.keys(isMap(args) ? args : {});
  const needed = call in source ? known : [];
  return [
    ...given.filter((name) => !known.includes(name)).map((name) => `${call} takes no argument ${name}`),
    ...needed.filter((name) => !given.includes(name)).map((name) => `${call} needs the argument ${name}`),
  ];
}

function expressionFaults(value: WorkflowValue, variables: ReadonlySet<string>): string[] {
  if (isList(value)) return value.flatMap((item) => expressionFaults(item, variables));
  if (isMap(value)) {
    return Object.entries(value).flatMap(([key, part]) =>
      key === "retry" ? [] : expressionFaults(part, variables),
    );
  }
  if (typeof value !== "string" || !value.includes("${")) return [];
  const inner = /^\$\{(.*)\}$/s.exec(value)?.[1];
  if (inner === undefined) return [`text around an expression: ${value}`];
  try {
    const tooLong =
      value.length > maxLength ? [`${value.length} characters are more than ${maxLength}: ${value}`] : [];
    return [...tooLong, ...parts(parse(inner)).flatMap((part) => nameFaults(part, variables))];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

const known = functions(() => 0);

function nameFaults(part: Expression, variables: ReadonlySet<string>): string[] {
  if (part.kind === "call" && !(part.name in known)) return [`there is no function ${part.name}`];
  if (part.kind === "variable" && !variables.has(part.name)) return [`there is no variable ${part.name}`];
  return [];
}

/** Variables that a step makes. */
function declared(value: WorkflowValue): string[] {
  if (isList(value)) return value.flatMap((item) => declared(item));
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, part]) => {
    if (key === "assign" && isList(part)) {
      return part.flatMap((entry) => (isMap(entry) ? Object.keys(entry) : []));
    }
    if (["result", "as", "value"].includes(key) && typeof part === "string") return [part];
    return declared(part);
  });
}

function withoutSteps(value: WorkflowValue): WorkflowValue {
  if (isList(value)) return value.map((item) => withoutSteps(item));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "steps")
      .map(([key, part]) => [key, withoutSteps(part)]),
  );
}
