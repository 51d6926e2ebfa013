import type { Step, WorkflowValue } from "../../constructs/workflow-source";
import { apiCall, goIf, lookUntil, setIf } from "../../workflows/steps";
import { httpError } from "../support/workflows/errors";
import { run, type World } from "../support/workflows/run";
import { raisedBy } from "./support";

/** A world in which the nth request is answered by the nth function. */
function world(...answers: (() => WorkflowValue)[]): World & { readonly requests: WorkflowValue[] } {
  const requests: WorkflowValue[] = [];
  return {
    now: 0,
    logs: [],
    requests,
    http: (method, url, body) => {
      requests.push([method, url, body ?? null]);
      return (answers[requests.length - 1] ?? answers.at(-1) ?? (() => null))();
    },
  };
}
const program = (...steps: Step[]) => ({ main: { steps } });
const unavailable = () => {
  throw httpError(503, "unavailable");
};

test("apiCall sends the body and assigns the response to a variable", () => {
  const there = world(() => ({ id: 1 }));
  const call = apiCall("post", "https://example.com", "seen", { name: "x" });
  expect(run(program({ call }, { end: { return: "${seen.body.id}" } }), null, there)).toBe(1);
  expect(there.requests).toEqual([["post", "https://example.com", { name: "x" }]]);
});

test.each([
  ["get", 9],
  ["post", 6],
] as const)("apiCall sends a rejected %s request %i times in total", (method, count) => {
  const there = world(unavailable);
  const call = apiCall(method, "https://example.com", "seen");
  expect(raisedBy(() => run(program({ call }), null, there))).toMatchObject({ code: 503 });
  expect(there.requests).toHaveLength(count);
});

test("lookUntil doubles its pause up to the longest, until the condition is true", () => {
  const pauses: number[] = [];
  let before = 0;
  const there: World = {
    now: 0,
    logs: [],
    http: () => {
      pauses.push(there.now - before);
      before = there.now;
      return { done: pauses.length === 6 };
    },
  };
  const steps = lookUntil("seen.body.done", "https://example.com", { first: 10, longest: 60 });
  run(program(...steps), null, there);
  expect(pauses).toEqual([10, 20, 40, 60, 60, 60]);
});

test.each([
  [true, "jumped"],
  [false, "went on"],
])("goIf with a condition that is %p: %s", (condition, expected) => {
  const steps: Step[] = [
    { begin: { assign: [{ flag: condition }] } },
    { go: goIf("flag", "there") },
    { here: { return: "went on" } },
    { there: { return: "jumped" } },
  ];
  expect(run(program(...steps), null, world())).toBe(expected);
});

test.each([
  [true, 2],
  [false, 1],
])("setIf with a condition that is %p leaves the variable at %i", (condition, expected) => {
  const steps: Step[] = [
    { begin: { assign: [{ flag: condition }, { number: 1 }] } },
    setIf("double", "flag", "number", "number * 2"),
    { end: { return: "${number}" } },
  ];
  expect(run(program(...steps), null, world())).toBe(expected);
});
