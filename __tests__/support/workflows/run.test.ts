import type { Step, WorkflowSource, WorkflowValue } from "../../../constructs/workflow-source";
import { httpError, Raised, raised } from "./errors";
import { limits } from "./limits";
import { measured, run, type World } from "./run";

const world = (http: World["http"] = () => null): World => ({ now: 0, logs: [], http });
const main = (...steps: Step[]): WorkflowSource => ({ main: { steps } });
const result = (...steps: Step[]) => run(main(...steps), null, world());

/** The error that fails a program. */
function failure(source: WorkflowSource, there = world()): WorkflowValue {
  try {
    run(source, null, there);
  } catch (error) {
    if (error instanceof Raised) return error.value;
    throw error;
  }
  throw new Error("the program succeeded");
}

/** Answers with these errors, then with `null`, and notes when. */
function refusing(...errors: Raised[]): World & { readonly at: number[] } {
  const at: number[] = [];
  const there: World & { readonly at: number[] } = {
    now: 0,
    logs: [],
    at,
    http: () => {
      at.push(there.now);
      const error = errors[at.length - 1];
      if (error !== undefined) throw error;
      return null;
    },
  };
  return there;
}
const get = { call: "http.get", args: { url: "https://example.com" } };

describe("a retry", () => {
  const retried = (retry: WorkflowValue) => main({ call: { try: get, retry } });
  const unavailable = httpError(503, "unavailable");

  test("by http.default_retry: five more attempts, after 1 second and then 1.25 times as long", () => {
    const there = refusing(...Array.from({ length: 9 }, () => unavailable));
    expect(failure(retried("${http.default_retry}"), there)).toEqual(unavailable.value);
    expect(there.at).toEqual([0, 1, 2.25, 3.8125, 5.765625, 8.20703125]);
  });

  test("by a policy of the program: its own count and pauses, up to the longest", () => {
    const there = refusing(...Array.from({ length: 9 }, () => unavailable));
    const retry = {
      predicate: "${http.default_retry_predicate}",
      max_retries: 8,
      backoff: { initial_delay: 1, max_delay: 60, multiplier: 2 },
    };
    expect(failure(retried(retry), there)).toEqual(unavailable.value);
    const pauses = there.at.map((time, index) => time - (there.at[index - 1] ?? 0)).slice(1);
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  const connection = raised("ConnectionError", "reset");
  const noConnection = raised("ConnectionFailedError", "no route");
  const timeout = raised("TimeoutError", "timed out");
  test.each<readonly [string, string, readonly Raised[], readonly Raised[]]>([
    [
      "http.default_retry",
      "idempotent",
      [429, 502, 503, 504].map((code) => httpError(code, "")).concat(connection, noConnection, timeout),
      [400, 404, 408, 500].map((code) => httpError(code, "")).concat(raised("KeyError", "x")),
    ],
    [
      "http.default_retry_non_idempotent",
      "non-idempotent",
      [429, 503].map((code) => httpError(code, "")).concat(noConnection),
      [400, 500, 502, 504].map((code) => httpError(code, "")).concat(connection, timeout),
    ],
  ])("by %s: only errors that are safe to retry for %s requests", (policy, _, yes, no) => {
    const attempts = (error: Raised) => {
      const there = refusing(error);
      try {
        run(retried(`\${${policy}}`), null, there);
      } catch (thrown) {
        if (thrown !== error) throw thrown;
      }
      return there.at.length;
    };
    expect(yes.map(attempts)).toEqual(yes.map(() => 2));
    expect(no.map(attempts)).toEqual(no.map(() => 1));
  });

  test("by a predicate of the program: a subworkflow that gets the error", () => {
    const source: WorkflowSource = {
      ...retried({ predicate: "${odd}", max_retries: 3, backoff: "${retry.default_backoff}" }),
      odd: { params: ["error"], steps: [{ answer: { return: "${error.code % 2 == 1}" } }] },
    };
    const there = refusing(httpError(401, ""), httpError(403, ""), httpError(404, "even"));
    expect(failure(source, there)).toMatchObject({ code: 404 });
    expect(there.at).toEqual([0, 1, 2.25]);
  });

  test("executes the whole block again, and comes before except", () => {
    const there = refusing(unavailable, unavailable);
    const steps: Step[] = [
      { init: { assign: [{ tries: 0 }, { caught: null }] } },
      {
        block: {
          try: { steps: [{ count: { assign: [{ tries: "${tries + 1}" }] } }, { request: get }] },
          retry: {
            predicate: "${http.default_retry_predicate}",
            max_retries: 1,
            backoff: { initial_delay: 5, max_delay: 5, multiplier: 1 },
          },
          except: { as: "error", steps: [{ keep: { assign: [{ caught: "${error.code}" }] } }] },
        },
      },
      { end: { return: "${[tries, caught]}" } },
    ];
    expect(run(main(...steps), null, there)).toEqual([2, 503]);
    expect(there.now).toBe(5);
  });

  test("counts as a step", () => {
    const there = refusing(unavailable, unavailable);
    expect(measured(retried("${http.default_retry}"), null, there).usage.steps).toBe(3);
  });

  test.each<readonly [string, WorkflowValue]>([
    ["a policy that does not exist", "${http.always_retry}"],
    ["no predicate", { max_retries: 3, backoff: "${retry.default_backoff}" }],
    [
      "a predicate that does not exist",
      { predicate: "${mine}", max_retries: 3, backoff: "${retry.default_backoff}" },
    ],
    ["no count", { predicate: "${http.default_retry_predicate}", backoff: "${retry.default_backoff}" }],
    ["no backoff", { predicate: "${http.default_retry_predicate}", max_retries: 3 }],
    [
      "half a backoff",
      { predicate: "${http.default_retry_predicate}", max_retries: 3, backoff: { initial_delay: 1 } },
    ],
  ])("with %s is rejected", (_, retry) => {
    expect(() => run(retried(retry), null, world())).toThrow(/policy|predicate/);
  });
});

describe("an error", () => {
  const caught = (step: Step[string]) =>
    result(
      { init: { assign: [{ seen: null }, { map: { a: 1 } }, { list: [1] }] } },
      {
        attempt: {
          try: { steps: [{ step }] },
          except: { as: "e", steps: [{ keep: { assign: [{ seen: "${e}" }] } }] },
        },
      },
      { end: { return: "${seen}" } },
    );
  const assign = (expression: string) => ({ assign: [{ x: `\${${expression}}` }] });

  test.each([
    ["KeyError", assign("map.b")],
    ["KeyError", assign('map["b"]')],
    ["IndexError", assign("list[1]")],
    ["TypeError", assign('"a" + 1')],
    ["TypeError", assign("not list")],
    ["TypeError", assign('"a" in null')],
    ["TypeError", assign("len(1)")],
    ["TypeError", assign("string(map)")],
    ["ValueError", assign('int("a")')],
    ["ValueError", assign('int("08")')],
    ["ValueError", assign('json.decode("{")')],
    ["ValueError", assign('time.parse("yesterday")')],
    ["ZeroDivisionError", assign("1 % 0")],
    ["TypeError", { switch: [{ condition: "${1}", next: "end" }] }],
    ["TypeError", { call: "sys.log", args: { severity: "INFO" } }],
    ["ValueError", { call: "sys.sleep", args: { seconds: limits.sleep + 1 } }],
  ])("with the tag %s can be caught", (tag, step) => {
    expect(caught(step)).toMatchObject({ tags: [tag] });
  });

  test("raised as a string or a map is passed to except", () => {
    expect(caught({ raise: "why" })).toBe("why");
    expect(caught({ raise: { code: 7 } })).toEqual({ code: 7 });
  });

  test("of a response has the status, and fails the execution when it is not caught", () => {
    const there = refusing(httpError(404, "not found", { reason: "gone" }));
    expect(failure(main({ request: get }), there)).toEqual({
      tags: ["HttpError"],
      message: "not found",
      code: 404,
      headers: {},
      body: { reason: "gone" },
    });
  });
});

describe("a variable", () => {
  test("of an except block, or its error, does not exist after it", () => {
    const block: Step = {
      block: {
        try: { steps: [{ fail: { raise: "x" } }] },
        except: { as: "e", steps: [{ set: { assign: [{ inner: 1 }] } }] },
      },
    };
    expect(() => result(block, { end: { return: "${inner}" } })).toThrow("there is no variable inner");
    expect(() => result(block, { end: { return: "${e}" } })).toThrow("there is no variable e");
  });

  test("of a loop does not exist after it; an earlier one keeps the value that the loop assigned", () => {
    const loop: Step[] = [
      { init: { assign: [{ sum: 0 }] } },
      {
        each: {
          for: {
            value: "n",
            index: "i",
            in: [5, 6],
            steps: [{ add: { assign: [{ sum: "${sum + n * i}" }, { own: 1 }] } }],
          },
        },
      },
    ];
    expect(result(...loop, { end: { return: "${sum}" } })).toBe(6);
    for (const name of ["n", "i", "own"])
      expect(() => result(...loop, { end: { return: `\${${name}}` } })).toThrow(
        `there is no variable ${name}`,
      );
  });

  test("of a subworkflow is its own", () => {
    const source: WorkflowSource = {
      main: {
        steps: [
          { init: { assign: [{ x: 1 }] } },
          { go: { call: "other", args: { y: 2 }, result: "z" } },
          { end: { return: "${[x, z]}" } },
        ],
      },
      other: { params: ["y"], steps: [{ set: { assign: [{ x: 5 }] } }, { end: { return: "${x + y}" } }] },
    };
    expect(run(source, null, world())).toEqual([1, 7]);
  });

  test("can be assigned in part, down to maps that did not exist", () => {
    const steps: Step[] = [
      { init: { assign: [{ map: { list: [1, 2] } }, { key: "b" }] } },
      { set: { assign: [{ "map.list[1]": 3 }, { "map[key].c": 4 }] } },
      { end: { return: "${map}" } },
    ];
    expect(result(...steps)).toEqual({ list: [1, 3], b: { c: 4 } });
  });
});

describe("a loop", () => {
  const loop = (of: object, ...steps: Step[]) =>
    result(
      { init: { assign: [{ seen: [] }] } },
      {
        each: {
          for: {
            value: "n",
            ...of,
            steps: [...steps, { keep: { assign: [{ seen: "${list.concat(seen, n)}" }] } }],
          },
        },
      },
      { end: { return: "${seen}" } },
    );
  const when = (next: string): Step => ({ test: { switch: [{ condition: "${n == 2}", next }] } });

  test("iterates over a list, the keys of a map, and a range including both ends", () => {
    expect(loop({ in: ["a", "b"] })).toEqual(["a", "b"]);
    expect(loop({ in: { a: 1, b: 2 } })).toEqual(["a", "b"]);
    expect(loop({ range: [1, 3] })).toEqual([1, 2, 3]);
    expect(loop({ range: [3, 1] })).toEqual([]);
  });

  test("ends with break, and skips with continue", () => {
    expect(loop({ range: [1, 3] }, when("break"))).toEqual([1]);
    expect(loop({ range: [1, 3] }, when("continue"))).toEqual([1, 3]);
  });
});

describe("a switch", () => {
  const chosen = (...conditions: WorkflowValue[]) =>
    result(
      { choose: { switch: conditions } },
      { after: { return: "after" } },
      { there: { return: "there" } },
    );

  test("executes the first condition that is true: its steps, its action, its jump", () => {
    expect(chosen({ condition: false, next: "end" }, { condition: "${1 < 2}", next: "there" })).toBe("there");
    expect(chosen({ condition: true, steps: [{ inner: { return: "inner" } }] })).toBe("inner");
    expect(chosen({ condition: true, return: "now" })).toBe("now");
    expect(chosen({ condition: true, assign: [{ x: 1 }], next: "there" })).toBe("there");
  });

  test("continues with the next step when no condition is true, and ends with end", () => {
    expect(chosen({ condition: false, next: "there" })).toBe("after");
    expect(chosen({ condition: true, next: "end" })).toBeNull();
  });
});

describe("a parallel step", () => {
  const sleep = (seconds: number | string): Step[string] => ({ call: "sys.sleep", args: { seconds } });
  const parallel = (of: { readonly [key: string]: WorkflowValue }): WorkflowSource =>
    main(
      { init: { assign: [{ done: [] }, { sum: 0 }] } },
      { all: { parallel: { shared: ["done", "sum"], ...of } } },
      { end: { return: "${done}" } },
    );
  const each = (seconds: readonly number[], more: { readonly [key: string]: WorkflowValue } = {}) =>
    parallel({
      ...more,
      for: {
        value: "n",
        in: seconds,
        steps: [{ wait: sleep("${n}") }, { keep: { assign: [{ done: "${list.concat(done, n)}" }] } }],
      },
    });

  test("takes as long as its slowest branch", () => {
    const there = world();
    expect(run(each([30, 10, 20]), null, there)).toEqual([10, 20, 30]);
    expect(there.now).toBe(30);
  });

  test("runs at most as many branches at the same time as its limit", () => {
    const there = world();
    expect(run(each([30, 10, 20], { concurrency_limit: 2 }), null, there)).toEqual([10, 30, 20]);
    expect(there.now).toBe(30);
  });

  test("runs at most as many branches at the same time as Workflows does", () => {
    const there = world();
    run(each(Array.from({ length: limits.concurrent + 1 }, () => 10)), null, there);
    expect(there.now).toBe(20);
  });

  test("runs all branches when some fail, and raises their errors together", () => {
    const there = world();
    const source = parallel({
      branches: [
        { bad: { steps: [{ early: { raise: "bad" } }] } },
        { worse: { steps: [{ later: sleep(5) }, { lookup: { assign: [{ x: "${done.nothing}" }] } }] } },
        { good: { steps: [{ last: sleep(9) }, { note: { assign: [{ done: ["good"] }] } }] } },
      ],
    });
    expect(failure(source, there)).toMatchObject({
      tags: ["UnhandledBranchError"],
      branches: [
        { id: "bad", error: "bad" },
        { id: "worse", error: { tags: ["TypeError"] } },
      ],
    });
    expect(there.now).toBe(9);
  });

  test("loses no update of a shared variable", () => {
    const count = 20;
    const steps: Step[] = [{ wait: sleep(1) }, { add: { assign: [{ sum: "${sum + 1}" }] } }];
    const source = main(
      { init: { assign: [{ sum: 0 }] } },
      { all: { parallel: { shared: ["sum"], for: { value: "n", range: [1, count], steps } } } },
      { end: { return: "${sum}" } },
    );
    expect(run(source, null, world())).toBe(count);
  });

  test("rejects assigning a variable that is not shared, and keeps those of a branch apart", () => {
    const branch = (name: string): WorkflowSource =>
      main(
        { init: { assign: [{ x: 0 }] } },
        {
          all: {
            parallel: { for: { value: "n", in: [1, 2], steps: [{ set: { assign: [{ [name]: "${n}" }] } }] } },
          },
        },
        { end: { return: "${x}" } },
      );
    expect(() => run(branch("x"), null, world())).toThrow("x is assigned in parallel but not shared");
    expect(run(branch("own"), null, world())).toBe(0);
  });

  test("starts its branches in any order", () => {
    const there: World = { ...world(), order: (branches) => [...branches].reverse() };
    expect(run(each([0, 0, 0]), null, there)).toEqual([0, 0, 0]);
    expect(run(each([1, 2, 1.5], { concurrency_limit: 1 }), null, there)).toEqual([1.5, 2, 1]);
  });
});

describe("the limits of an execution", () => {
  test("end a program that executes too many steps", () => {
    const forever = main({ again: { assign: [{ x: 1 }], next: "again" } });
    expect(failure(forever)).toMatchObject({ tags: ["ResourceLimitError"] });
  });

  test("end a program whose variables use too much memory, but not one that releases them", () => {
    const text = "a".repeat(1024);
    const keep = main(
      { init: { assign: [{ all: [] }] } },
      {
        each: {
          for: {
            value: "n",
            range: [1, 600],
            steps: [{ add: { assign: [{ all: `\${list.concat(all, "${text.slice(0, 100)}")}` }] } }],
          },
        },
      },
      {
        more: {
          for: { value: "n", range: [1, 10], steps: [{ double: { assign: [{ [`copy`]: "${all}" }] } }] },
        },
      },
      { end: { return: "${len(all)}" } },
    );
    expect(run(keep, null, world())).toBe(600);
    const big = main({ request: { call: "http.get", args: { url: "u" }, result: "seen" } });
    expect(
      failure(
        big,
        world(() => text.repeat(513)),
      ),
    ).toMatchObject({ tags: ["ResourceLimitError"] });
  });

  test("end a recursion", () => {
    expect(failure({ main: { steps: [{ again: { call: "main" } }] } })).toMatchObject({
      tags: ["RecursionError"],
    });
  });

  test("allow two parallel steps inside each other, not three", () => {
    const nest = (depth: number): Step =>
      depth === 0
        ? { [`leaf`]: { assign: [{ x: 1 }] } }
        : {
            [`level${depth}`]: {
              parallel: { for: { value: `n${depth}`, in: [1], steps: [nest(depth - 1)] } },
            },
          };
    expect(run(main(nest(2)), null, world())).toBeNull();
    expect(JSON.stringify(failure(main(nest(3))))).toContain("ParallelNestingError");
  });
});
