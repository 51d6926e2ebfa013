import type { Subworkflow, WorkflowSource } from "../../constructs/workflow-source";
import type { WorkflowValue as Value } from "../../constructs/workflow-source";
import { type Expression, parse } from "./workflow-expression";
import { asText, type Functions, functions, isList, isMap } from "./workflow-functions";

/** What a program meets outside of itself. */
export interface World {
  /** Answers a call, or throws a `Raised`. */
  readonly http: (method: "get" | "post", url: string, body: Value | undefined) => Value;
  /** Seconds since 1970; sleeping moves it on. */
  now: number;
  readonly logs: Value[];
}

/** An error a workflow raises or meets. */
export class Raised extends Error {
  constructor(readonly value: Value) {
    super(JSON.stringify(value));
  }
}

/**
 * Runs a program of Google Workflows. What it would do in parallel is done one after the other; as there, an error
 * that leaves one iteration does not keep the others from being run.
 */
export function run(source: WorkflowSource, args: Value, world: World): Value {
  return new Run(source, world).call("main", [args]);
}

type Scope = Map<string, Value>;
type End = { readonly next: string } | { readonly value: Value } | undefined;

class Run {
  private readonly functions: Functions;

  constructor(
    private readonly source: WorkflowSource,
    private readonly world: World,
  ) {
    this.functions = functions(() => world.now);
  }

  call(name: string, args: readonly Value[] | { readonly [key: string]: Value }): Value {
    const found: Subworkflow | undefined = this.source[name];
    if (found === undefined) throw new Error(`no subworkflow ${name}`);
    const scope: Scope = new Map();
    (found.params ?? []).forEach((param, index) => {
      scope.set(param, (isList(args) ? args[index] : isMap(args) ? args[param] : null) ?? null);
    });
    const end = this.steps(found.steps, scope);
    if (end !== undefined && "next" in end) throw new Error(`${name}: no step ${end.next}`);
    return end?.value ?? null;
  }

  private steps(steps: readonly Value[], scope: Scope): End {
    const named = steps.map((step) => Object.entries(asMap(step))[0] ?? ["", null]);
    for (let index = 0; index < named.length;) {
      const end = this.step(asMap(named[index]?.[1]), scope);
      if (end === undefined) {
        index += 1;
      } else if ("next" in end) {
        if (end.next === "end") return { value: null };
        index = named.findIndex(([name]) => name === end.next);
        if (index < 0) return end;
      } else {
        return end;
      }
    }
    return undefined;
  }

  private step(step: { readonly [key: string]: Value }, scope: Scope): End {
    const end = this.body(step, scope);
    return end ?? (typeof step.next === "string" ? { next: step.next } : undefined);
  }

  private body(step: { readonly [key: string]: Value }, scope: Scope): End {
    if ("try" in step) return this.attempt(step, scope);
    if ("assign" in step) {
      for (const [target, value] of asList(step.assign).flatMap((entry) => Object.entries(asMap(entry)))) {
        this.assign(target, this.value(value, scope), scope);
      }
      return undefined;
    }
    if ("switch" in step) {
      const chosen = asList(step.switch)
        .map(asMap)
        .find(({ condition }) => this.value(condition, scope) === true);
      if (chosen === undefined) return undefined;
      return "steps" in chosen ? this.steps(asList(chosen.steps), scope) : { next: asText(chosen.next) };
    }
    if ("parallel" in step) return this.parallel(asMap(step.parallel), scope);
    if ("for" in step) return this.loop(asMap(step.for), scope);
    if ("raise" in step) throw new Raised(this.value(step.raise, scope));
    if ("return" in step) return { value: this.value(step.return, scope) };
    if ("steps" in step) return this.steps(asList(step.steps), scope);
    const result = this.outside(asText(step.call), asMap(this.value(step.args ?? {}, scope)));
    if (typeof step.result === "string") scope.set(step.result, result);
    return undefined;
  }

  private attempt(step: { readonly [key: string]: Value }, scope: Scope): End {
    const attempts = "retry" in step ? 4 : 1;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return this.step(asMap(step.try), scope);
      } catch (error) {
        if (!(error instanceof Raised)) throw error;
        const code = isMap(error.value) ? error.value.code : undefined;
        if (attempt < attempts && (code === 429 || code === 503)) continue;
        if (!("except" in step)) throw error;
        const { as, steps } = asMap(step.except);
        scope.set(asText(as), error.value);
        return this.steps(asList(steps), scope);
      }
    }
  }

  /** Its only policy is continueAll: all iterations are run, then it fails if one of them did. */
  private parallel(step: { readonly [key: string]: Value }, scope: Scope): End {
    const shared = asList(step.shared ?? []).map(asText);
    const branches: Value[] = [];
    const loop = asMap(step.for);
    for (const value of asList(this.value(loop.in, scope))) {
      const own: Scope = new Map([...scope, [asText(loop.value), value]]);
      try {
        if (this.steps(asList(loop.steps), own) !== undefined)
          throw new Error("no way leads out of a parallel step");
      } catch (error) {
        if (!(error instanceof Raised)) throw error;
        branches.push({ id: String(branches.length), error: error.value });
      }
      for (const name of shared) scope.set(name, own.get(name) ?? null);
    }
    if (branches.length === 0) return undefined;
    throw new Raised({ message: "UnhandledBranchError", tags: ["UnhandledBranchError"], branches });
  }

  private loop(loop: { readonly [key: string]: Value }, scope: Scope): End {
    const [first, last] = asList(loop.range ?? []).map((bound) => Number(this.value(bound, scope)));
    const values =
      first !== undefined && last !== undefined
        ? Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)
        : asList(this.value(loop.in, scope));
    for (const value of values) {
      scope.set(asText(loop.value), value);
      const end = this.steps(asList(loop.steps), scope);
      if (end !== undefined) return end;
    }
    return undefined;
  }

  private outside(call: string, args: { readonly [key: string]: Value }): Value {
    switch (call) {
      case "http.get":
      case "http.post":
        return {
          code: 200,
          body: this.world.http(call === "http.get" ? "get" : "post", asText(args.url), args.body),
        };
      case "sys.log":
        this.world.logs.push(args);
        return null;
      case "sys.sleep":
        this.world.now += Number(args.seconds);
        return null;
      default:
        return this.call(call, args);
    }
  }

  private assign(target: string, value: Value, scope: Scope): void {
    const indexed = /^(\w+)\[(\w+)\]$/.exec(target);
    if (indexed === null) {
      scope.set(target, value);
      return;
    }
    const [, map = "", key = ""] = indexed;
    scope.set(map, { ...asMap(scope.get(map)), [asText(scope.get(key))]: value });
  }

  private value(value: Value | undefined, scope: Scope): Value {
    if (typeof value === "string") {
      const inner = /^\$\{(.*)\}$/s.exec(value)?.[1];
      return inner === undefined ? value : this.evaluate(parse(inner), scope);
    }
    if (isList(value)) return value.map((item) => this.value(item, scope));
    if (!isMap(value)) return value ?? null;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, this.value(part, scope)]));
  }

  private evaluate(of: Expression, scope: Scope): Value {
    switch (of.kind) {
      case "literal":
        return of.value;
      case "variable": {
        const found = scope.get(of.name);
        if (found === undefined) throw new Error(`there is no variable ${of.name}`);
        return found;
      }
      case "list":
        return of.items.map((item) => this.evaluate(item, scope));
      case "member": {
        const map = this.evaluate(of.of, scope);
        const key = this.evaluate(of.key, scope);
        const found = isList(map) ? map[asNumber(key)] : isMap(map) ? map[asText(key)] : undefined;
        if (found === undefined)
          throw new Raised({ message: `KeyError: ${JSON.stringify(key)}`, tags: ["KeyError"] });
        return found;
      }
      case "call": {
        const called = this.functions[of.name];
        if (called === undefined) throw new Error(`there is no function ${of.name}`);
        return called(...of.args.map((arg) => this.evaluate(arg, scope)));
      }
      case "unary": {
        const value = this.evaluate(of.of, scope);
        return of.operator === "not" ? !asBoolean(value) : -Number(value);
      }
      case "binary":
        return this.binary(of.operator, of.left, of.right, scope);
    }
  }

  private binary(operator: string, one: Expression, other: Expression, scope: Scope): Value {
    const left = this.evaluate(one, scope);
    if (operator === "and" && !asBoolean(left)) return false;
    if (operator === "or" && asBoolean(left)) return true;
    const right = this.evaluate(other, scope);
    switch (operator) {
      case "and":
      case "or":
        return asBoolean(right);
      case "==":
        return left === right;
      case "!=":
        return left !== right;
      case "in":
        return isMap(right) ? asText(left) in right : asList(right).includes(left);
      case "+":
        if (typeof left === "string" && typeof right === "string") return left + right;
        return asNumber(left) + asNumber(right);
      case "-":
        return asNumber(left) - asNumber(right);
      case "*":
        return asNumber(left) * asNumber(right);
      case "//":
        return Math.floor(asNumber(left) / asNumber(right));
      case "%":
        return asNumber(left) % asNumber(right);
      case "<":
        return asNumber(left) < asNumber(right);
      case "<=":
        return asNumber(left) <= asNumber(right);
      case ">":
        return asNumber(left) > asNumber(right);
      case ">=":
        return asNumber(left) >= asNumber(right);
      default:
        throw new Error(`there is no operator ${operator}`);
    }
  }
}

function asMap(value: Value | undefined): { readonly [key: string]: Value } {
  if (!isMap(value)) throw new Error(`no map: ${JSON.stringify(value)}`);
  return value;
}

function asList(value: Value | undefined): readonly Value[] {
  if (!isList(value)) throw new Error(`no list: ${JSON.stringify(value)}`);
  return value;
}

function asNumber(value: Value): number {
  if (typeof value !== "number") throw new Error(`TypeError: ${JSON.stringify(value)} is no number`);
  return value;
}

function asBoolean(value: Value): boolean {
  if (typeof value !== "boolean")
    throw new Error(`TypeError: ${JSON.stringify(value)} is neither true nor false`);
  return value;
}
