import type { WorkflowSource, WorkflowValue as Value } from "../../../constructs/workflow-source";
import { parse, parts } from "./expression";
import { functions } from "./functions";
import { limits } from "./limits";
import { retryPolicy } from "./retry";
import { every, expressionsOf, lists, type Named, withoutSteps } from "./source";
import { isList, isMap, type MapValue } from "./values";
import { missingVariables, unsharedVariables } from "./variables";

/** What a deployment to Google Workflows would reject in a program, and steps that no execution reaches. */
export function workflowFaults(source: WorkflowSource): string[] {
  const size = Buffer.byteLength(JSON.stringify(source));
  return [
    ...("main" in source ? [] : ["there is no subworkflow main"]),
    ...(size > limits.source ? [`the source has ${size} bytes, more than ${limits.source}`] : []),
    ...Object.entries(source).flatMap(([subworkflow, { params = [], steps }]) =>
      [
        ...repeated(steps),
        ...lists(steps).flatMap(unreached),
        ...loopJumps(steps),
        ...every(steps).flatMap(({ name, body }) =>
          [
            ...shapeFaults(body, source),
            ...limitFaults(body),
            ...callFaults(body, source),
            ...expressionsOf(withoutSteps(ownOf(body))).flatMap(expressionFaults),
          ].map((fault) => `step ${name}: ${fault}`),
        ),
        ...missingVariables(steps, params),
        ...unsharedVariables(steps, params),
        ...parallelReturns(steps),
      ].map((fault) => `${subworkflow}: ${fault}`),
    ),
  ];
}

/** https://cloud.google.com/workflows/docs/reference/syntax/steps: names are unique in a subworkflow. */
function repeated(steps: readonly Value[]): string[] {
  const names = every(steps).map(({ name }) => name);
  return names
    .filter((name, index) => names.indexOf(name) < index)
    .map((name) => `there are two steps ${name}`);
}

/** Steps of a list that nothing leads to, and jumps to steps that the list does not have. */
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
      .filter(({ target }) => !["end", "break", "continue"].includes(target) && !names.includes(target))
      .map(({ name, target }) => `step ${name}: step ${target} does not exist in the same list`),
  ];
}

/** https://cloud.google.com/workflows/docs/reference/syntax/iteration#break-in-loop: only inside a `for` loop. */
function loopJumps(steps: readonly Value[]): string[] {
  const inLoops = new Set(
    every(steps).flatMap(({ body }) => {
      const loop = body.for ?? (isMap(body.parallel) ? body.parallel.for : undefined);
      return isMap(loop) ? every(loop.steps).map(({ name }) => name) : [];
    }),
  );
  return every(steps).flatMap(({ name, body }) =>
    nexts(body)
      .filter((target) => ["break", "continue"].includes(target) && !inLoops.has(name))
      .map((target) => `step ${name}: ${target} is not in a loop`),
  );
}

/** Where a step can jump to, without the steps inside it. */
function nexts(value: Value): string[] {
  if (isList(value)) return value.flatMap((item) => nexts(item));
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    key === "next" && typeof part === "string" ? [part] : key === "steps" ? [] : nexts(part),
  );
}

/** What a step can do, and the fields beside it. https://cloud.google.com/workflows/docs/reference/syntax/syntax-search */
const actions: Readonly<Record<string, readonly string[]>> = {
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

function shapeFaults(body: MapValue, source: WorkflowSource): string[] {
  const kinds = Object.keys(body).filter((key) => key in actions);
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1)
    return [`does ${kinds.join(" and ") || "nothing"}, but a step does one thing`];
  const unknown = Object.keys(body).filter((key) => key !== kind && !actions[kind]?.includes(key));
  return [...unknown.map((key) => `${kind} does not take ${key}`), ...retryFaults(body, source)];
}

/** https://cloud.google.com/workflows/docs/reference/syntax/retrying */
function retryFaults({ retry }: MapValue, source: WorkflowSource): string[] {
  if (retry === undefined) return [];
  try {
    const { predicate } = retryPolicy(retry, Object.keys(source));
    if (typeof predicate === "function" || source[predicate.subworkflow]?.params?.length === 1) return [];
    return [`the predicate ${predicate.subworkflow} must take one argument, the error`];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

/** https://cloud.google.com/workflows/quotas#resource_limits */
function limitFaults(body: MapValue): string[] {
  const branches = isMap(body.parallel) ? body.parallel.branches : undefined;
  return [
    [body.assign, limits.assignments, "assignments"] as const,
    [body.switch, limits.conditions, "conditions"] as const,
    [branches, limits.branches, "branches"] as const,
  ].flatMap(([list, most, what]) =>
    isList(list) && list.length > most ? [`${list.length} ${what}, more than ${most}`] : [],
  );
}

/** Arguments of the library: .../docs/reference/stdlib/http/get, .../http/post, .../sys/log, .../sys/sleep. */
const calls: Readonly<Record<string, readonly string[]>> = {
  "http.get": ["url", "headers", "query", "auth", "timeout"],
  "http.post": ["url", "headers", "query", "auth", "timeout", "body"],
  "sys.log": ["data", "text", "json", "severity", "timeout"],
  "sys.sleep": ["seconds"],
};

function callFaults(body: MapValue, source: WorkflowSource): string[] {
  const { call, args } = isMap(body.try) ? body.try : body;
  if (typeof call !== "string") return [];
  const known = calls[call] ?? source[call]?.params ?? (call in source ? [] : undefined);
  if (known === undefined) return [`there is no function or subworkflow ${call}`];
  const given = Object.keys(isMap(args) ? args : {});
  const needed = call in source ? known : [];
  return [
    ...given.filter((name) => !known.includes(name)).map((name) => `${call} does not take ${name}`),
    ...needed.filter((name) => !given.includes(name)).map((name) => `${call} needs ${name}`),
  ];
}

/** A policy is checked as a whole. */
function ownOf(body: MapValue): MapValue {
  return Object.fromEntries(Object.entries(body).filter(([key]) => key !== "retry"));
}

const known = functions(() => 0);

/** https://cloud.google.com/workflows/docs/reference/syntax/expressions: an expression is a whole value. */
function expressionFaults(text: string): string[] {
  const inner = /^\$\{(.*)\}$/s.exec(text)?.[1];
  if (inner === undefined) return [`an expression cannot be a part of a string: ${text}`];
  const tooLong =
    text.length > limits.expression
      ? [`${text.length} characters are more than ${limits.expression}: ${text}`]
      : [];
  try {
    const unknown = parts(parse(inner)).flatMap((part) =>
      part.kind === "call" && !(part.name in known) ? [`there is no function ${part.name}`] : [],
    );
    return [...tooLong, ...unknown];
  } catch (error) {
    return [...tooLong, error instanceof Error ? error.message : String(error)];
  }
}

/** https://cloud.google.com/workflows/docs/reference/syntax/parallel-steps does not allow `return` in a branch. */
function parallelReturns(steps: readonly Value[]): string[] {
  return every(steps).flatMap(({ body }) => {
    if (!isMap(body.parallel)) return [];
    const { for: loop, branches } = body.parallel;
    const inside = [
      ...(isMap(loop) ? every(loop.steps) : []),
      ...(isList(branches)
        ? branches.flatMap((branch) => Object.values(isMap(branch) ? branch : {}))
        : []
      ).flatMap((branch) => (isMap(branch) ? every(branch.steps) : [])),
    ];
    return inside
      .filter((step) => "return" in step.body)
      .map((step) => `step ${step.name}: a branch of a parallel step cannot return`);
  });
}
