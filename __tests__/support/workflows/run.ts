import type {
  Subworkflow,
  WorkflowSource,
  WorkflowValue as Value,
} from "../../../constructs/workflow-source";
import { assign } from "./assign";
import { Raised, raised } from "./errors";
import { evaluated, type Names } from "./evaluate";
import { type Functions, functions } from "./functions";
import { branchesOf, iterations } from "./iterations";
import { limits } from "./limits";
import { type Branch, inParallel, type Waiting } from "./parallel";
import { delay, type RetryPolicy, retryPolicy } from "./retry";
import { Memory, Scope } from "./scope";
import { asBoolean, asList, asMap, asNumber, asText, isList, isMap, type MapValue } from "./values";

/** What a program meets outside of itself. */
export interface World {
  /** Returns the body of the response, or throws a `Raised`: see `httpError`. */
  readonly http: (method: "get" | "post", url: string, body: Value | undefined) => Value;
  /** Seconds since 1970. Sleeping and the pauses between retries advance it. */
  now: number;
  readonly logs: Value[];
  /**
   * The order in which the branches of a parallel step start. "Parallel branches and iterations can run in any order."
   * https://cloud.google.com/workflows/docs/reference/syntax/parallel-steps. @default - as listed
   */
  readonly order?: <T>(branches: readonly T[]) => readonly T[];
}

/** What an execution used of its limits. */
export interface Usage {
  readonly steps: number;
  /** Most bytes of all variables at any time. */
  readonly memory: number;
}

/**
 * Runs a program as Google Workflows is documented to run it; each behavior names its page.
 *
 * @returns what `main` returns
 * @throws Raised the error that fails the execution
 * @throws Error when a deployment would reject the program
 */
export function run(source: WorkflowSource, args: Value, world: World): Value {
  return measured(source, args, world).result;
}

/** Runs a program, and says what the execution used of its limits. */
export function measured(
  source: WorkflowSource,
  args: Value,
  world: World,
): { readonly result: Value; readonly usage: Usage } {
  const execution = new Execution(source, world);
  const main = execution.call("main", [args], { calls: 0, parallel: 0 });
  for (;;) {
    const step = main.next();
    if (step.done === true) return { result: step.value, usage: execution.usage };
    world.now += step.value;
  }
}

/** How a step ends: it goes on (undefined), jumps, or returns. */
type End = { readonly next: string } | { readonly value: Value } | undefined;

/** How many subworkflows and parallel steps are around a step. */
interface Depth {
  readonly calls: number;
  readonly parallel: number;
}

class Execution {
  private readonly functions: Functions;
  private readonly memory = new Memory();
  private steps = 0;

  constructor(
    private readonly source: WorkflowSource,
    private readonly world: World,
  ) {
    this.functions = functions(() => world.now);
  }

  get usage(): Usage {
    return { steps: this.steps, memory: this.memory.peak };
  }

  /** https://cloud.google.com/workflows/docs/reference/syntax/subworkflows */
  *call(name: string, args: readonly Value[] | MapValue, { calls, parallel }: Depth): Waiting<Value> {
    const found: Subworkflow | undefined = this.source[name];
    if (found === undefined) throw new Error(`there is no subworkflow ${name}`);
    if (calls >= limits.callDepth)
      throw raised("RecursionError", `more than ${limits.callDepth} nested calls`);
    const scope = new Scope(this.memory);
    try {
      (found.params ?? []).forEach((param, index) => {
        scope.create(param, (isList(args) ? args[index] : isMap(args) ? args[param] : null) ?? null);
      });
      const end = yield* this.list(found.steps, scope, { calls: calls + 1, parallel });
      if (end !== undefined && "next" in end) throw new Error(`${name}: there is no step ${end.next}`);
      return end?.value ?? null;
    } finally {
      scope.release();
    }
  }

  /** https://cloud.google.com/workflows/docs/reference/syntax/jumps: `end` stops the workflow or subworkflow. */
  private *list(steps: readonly Value[], scope: Scope, depth: Depth): Waiting<End> {
    const named = steps.map((step) => Object.entries(asMap(step))[0] ?? ["", null]);
    for (let index = 0; index < named.length;) {
      this.count();
      const step = asMap(named[index]?.[1]);
      const end = (yield* this.body(step, scope, depth)) ?? jump(step);
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

  private *body(step: MapValue, scope: Scope, depth: Depth): Waiting<End> {
    if ("try" in step) return yield* this.attempt(step, scope, depth);
    if ("assign" in step) {
      assign(asList(step.assign), scope, this.names(scope));
      return undefined;
    }
    if ("switch" in step) return yield* this.choose(asList(step.switch), scope, depth);
    if ("parallel" in step) {
      yield* this.parallel(asMap(step.parallel), scope, depth);
      return undefined;
    }
    if ("for" in step) return yield* this.loop(asMap(step.for), scope, depth);
    // https://cloud.google.com/workflows/docs/reference/syntax/raising-errors: a string or a map.
    if ("raise" in step) throw new Raised(this.value(step.raise, scope));
    if ("return" in step) return { value: this.value(step.return, scope) };
    if ("steps" in step) return yield* this.list(asList(step.steps), scope, depth);
    if ("call" in step) {
      const args = asMap(this.value(step.args ?? {}, scope));
      const result = yield* this.outside(asText(step.call), args, depth);
      if (typeof step.result === "string") scope.set(step.result, result);
    }
    return undefined;
  }

  /**
   * https://cloud.google.com/workflows/docs/reference/syntax/retrying: a retry executes the whole block again; once the
   * retries are used up, or the predicate rejects the error, it goes to `except`, and without one on to the caller.
   */
  private *attempt(step: MapValue, scope: Scope, depth: Depth): Waiting<End> {
    const policy = "retry" in step ? retryPolicy(step.retry ?? null, Object.keys(this.source)) : undefined;
    for (let retries = 0; ; retries += 1) {
      try {
        return yield* this.body(asMap(step.try), scope, depth);
      } catch (error) {
        if (!(error instanceof Raised)) throw error;
        if (
          policy !== undefined &&
          retries < policy.maxRetries &&
          (yield* this.retried(policy, error, depth))
        ) {
          yield delay(policy.backoff, retries);
          this.count(); // "Retrying a step counts as an additional step execution."
          continue;
        }
        if (!("except" in step)) throw error;
        return yield* this.handle(asMap(step.except), error, scope, depth);
      }
    }
  }

  private *retried({ predicate }: RetryPolicy, { value }: Raised, depth: Depth): Waiting<boolean> {
    if (typeof predicate === "function") return predicate(value);
    return asBoolean(yield* this.call(predicate.subworkflow, [value], depth));
  }

  /**
   * https://cloud.google.com/workflows/docs/reference/syntax/catching-errors: "a variable created inside an except block
   * belongs to the local scope of that block"; the `steps` are optional.
   */
  private *handle({ as, steps }: MapValue, error: Raised, scope: Scope, depth: Depth): Waiting<End> {
    const own = new Scope(this.memory, scope);
    try {
      if (typeof as === "string") own.create(as, error.value);
      return yield* this.list(asList(steps ?? []), own, depth);
    } finally {
      own.release();
    }
  }

  /**
   * https://cloud.google.com/workflows/docs/reference/syntax/conditions: the first condition that is true is executed;
   * each must be true or false; without a match the next step follows.
   */
  private *choose(conditions: readonly Value[], scope: Scope, depth: Depth): Waiting<End> {
    if (conditions.length > limits.conditions) throw new Error(`more than ${limits.conditions} conditions`);
    const chosen = conditions.map(asMap).find(({ condition }) => asBoolean(this.value(condition, scope)));
    if (chosen === undefined) return undefined;
    return (yield* this.body(chosen, scope, depth)) ?? jump(chosen);
  }

  private *parallel(step: MapValue, scope: Scope, { calls, parallel }: Depth): Waiting<void> {
    if (parallel >= limits.parallelDepth)
      throw raised("ParallelNestingError", `more than ${limits.parallelDepth} nested parallel steps`);
    const shared = asList(step.shared ?? []).map(asText);
    const depth = { calls, parallel: parallel + 1 };
    const branches = branchesOf(step, this.names(scope)).map(({ id, steps, variables }): Branch => {
      const start = this.branch(steps, variables, new Scope(this.memory, scope, shared), depth);
      return { id, start: () => start };
    });
    const limit =
      step.concurrency_limit === undefined ? limits.concurrent : this.value(step.concurrency_limit, scope);
    const arranged = this.world.order?.(branches) ?? branches;
    const errors = yield* inParallel(
      arranged,
      Math.min(asNumber(limit), limits.concurrent),
      () => this.world.now,
    );
    if (errors.length === 0) return;
    // .../docs/reference/syntax/error-types: "one or more branches or iterations encounters an unhandled runtime error".
    const message = `${errors.length} of ${branches.length} branches failed`;
    throw new Raised({
      message,
      tags: ["UnhandledBranchError"],
      branches: errors.map((error) => ({ ...error })),
    });
  }

  private *branch(steps: readonly Value[], variables: MapValue, scope: Scope, depth: Depth): Waiting<void> {
    try {
      for (const [name, value] of Object.entries(variables)) scope.create(name, value);
      const end = yield* this.list(steps, scope, depth);
      if (end !== undefined && !("next" in end && end.next === "continue"))
        throw new Error("a branch can neither return nor jump out of its parallel step");
    } finally {
      scope.release();
    }
  }

  /**
   * https://cloud.google.com/workflows/docs/reference/syntax/iteration: the variables of a loop exist only inside it. The
   * page does not say whether one survives to the next iteration, so here it does not.
   */
  private *loop(loop: MapValue, scope: Scope, depth: Depth): Waiting<End> {
    for (const variables of iterations(loop, this.names(scope))) {
      const own = new Scope(this.memory, scope);
      try {
        for (const [name, value] of Object.entries(variables)) own.create(name, value);
        const end = yield* this.list(asList(loop.steps), own, depth);
        if (end === undefined || ("next" in end && end.next === "continue")) continue;
        return "next" in end && end.next === "break" ? undefined : end;
      } finally {
        own.release();
      }
    }
    return undefined;
  }

  /** A call of the library or of a subworkflow. Calls of the library are where an execution waits. */
  private *outside(call: string, args: MapValue, depth: Depth): Waiting<Value> {
    switch (call) {
      case "http.get":
      case "http.post": {
        yield 0;
        // https://cloud.google.com/workflows/docs/reference/stdlib/http/request: a map with body, code and headers.
        const body = this.world.http(call === "http.get" ? "get" : "post", asText(args.url), args.body);
        return { code: 200, headers: {}, body };
      }
      case "sys.log":
        // https://cloud.google.com/workflows/docs/reference/stdlib/sys/log: exactly one of data, text, and json.
        if (["data", "text", "json"].filter((key) => key in args).length !== 1)
          throw raised("TypeError", "sys.log needs exactly one of data, text, and json");
        this.world.logs.push(args);
        return null;
      case "sys.sleep": {
        const seconds = asNumber(args.seconds);
        if (seconds < 0 || seconds > limits.sleep)
          throw raised("ValueError", `sys.sleep takes 0 to ${limits.sleep} seconds, not ${seconds}`);
        yield seconds;
        return null;
      }
      default:
        return yield* this.call(call, args, depth);
    }
  }

  private value(value: Value | undefined, scope: Scope): Value {
    return evaluated(value, this.names(scope));
  }

  private names(scope: Scope): Names {
    return { variable: (name) => scope.get(name), functions: this.functions };
  }

  private count(): void {
    this.steps += 1;
    if (this.steps > limits.steps) throw raised("ResourceLimitError", `more than ${limits.steps} steps`);
  }
}

function jump({ next }: MapValue): End {
  return typeof next === "string" ? { next } : undefined;
}
