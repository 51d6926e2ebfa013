import type { Step, WorkflowSource, WorkflowValue } from "../../../constructs/workflow-source";
import { workflowFaults } from "./faults";

const get = { call: "http.get", args: { url: "https://example.com" } };
const faults = (...steps: Step[]) => workflowFaults({ main: { params: ["args"], steps } });
const retried = (retry: WorkflowValue): Step => ({ look: { try: get, retry } });
const loop = (step: Step): Step => ({ each: { for: { value: "n", in: [1], steps: [step] } } });

test.each<readonly [string, readonly Step[], string]>([
  ["a step that is never reached", [{ one: { return: 1 } }, { two: get }], "step two is never reached"],
  [
    "a jump to a step that does not exist",
    [{ one: { switch: [{ condition: true, next: "nowhere" }] } }],
    "step one: step nowhere does not exist in the same list",
  ],
  [
    "a jump out of a list",
    [loop({ inner: { ...get, next: "after" } }), { after: get }],
    "step inner: step after does not exist in the same list",
  ],
  ["a break outside a loop", [{ one: { ...get, next: "break" } }], "step one: break is not in a loop"],
  ["two steps with a name", [{ one: get }, loop({ one: get })], "there are two steps one"],
  [
    "two actions in a step",
    [{ one: { assign: [{ x: 5 }], raise: "no" } }],
    "step one: does assign and raise, but a step does one thing",
  ],
  ["no action in a step", [{ one: { next: "end" } }], "step one: does nothing, but a step does one thing"],
  ["an unknown field", [{ one: { return: 1, next: "end" } }], "step one: return does not take next"],
  [
    "an unknown argument",
    [{ one: { call: "http.get", args: { uri: "u" } } }],
    "step one: http.get does not take uri",
  ],
  ["a missing argument", [{ one: { call: "other", args: {} } }], "step one: other needs period"],
  [
    "an unknown call",
    [{ one: { call: "http.fetch" } }],
    "step one: there is no function or subworkflow http.fetch",
  ],
  [
    "a syntax error",
    [{ one: { return: "${args.done ==}" } }],
    "step one: expected more but found the end in: args.done ==",
  ],
  [
    "an unknown function",
    [{ one: { return: '${text.upper("a")}' } }],
    "step one: there is no function text.upper",
  ],
  [
    "an expression inside a string",
    [{ one: { return: "a ${args}" } }],
    "step one: an expression cannot be a part of a string: a ${args}",
  ],
  ["an unknown variable", [{ one: { return: "${missing}" } }], "step one: there is no variable missing"],
  [
    "an unknown variable in a target",
    [{ one: { assign: [{ "missing[args]": 1 }] } }],
    "step one: there is no variable missing",
  ],
  [
    "a variable of a loop after it",
    [loop({ inner: { assign: [{ own: "${n}" }] } }), { after: { return: "${own}" } }],
    "step after: there is no variable own",
  ],
  [
    "a variable of an except block after it",
    [{ one: { try: get, except: { as: "e", steps: [] } } }, { after: { return: "${e}" } }],
    "step after: there is no variable e",
  ],
  [
    "a variable of a branch after it",
    [
      {
        all: {
          parallel: {
            branches: [
              { one: { steps: [{ inner: { ...get, result: "own" } }] } },
              { two: { steps: [{ other: get }] } },
            ],
          },
        },
      },
      { after: { return: "${own}" } },
    ],
    "step after: there is no variable own",
  ],
  [
    "an assignment to a variable that is not shared",
    [
      { begin: { assign: [{ last: "" }] } },
      {
        each: {
          parallel: { for: { value: "n", in: [1], steps: [{ keep: { assign: [{ last: "${n}" }] } }] } },
        },
      },
    ],
    "step each: last is assigned in parallel but not shared",
  ],
  [
    "a return in a parallel step",
    [{ each: { parallel: { for: { value: "n", in: [1], steps: [{ leave: { return: "${n}" } }] } } } }],
    "step leave: a branch of a parallel step cannot return",
  ],
  ["an unknown policy", [retried("${http.retry}")], "step look: ${http.retry} is not a retry policy"],
  [
    "a policy without a predicate",
    [retried({ max_retries: 3 })],
    'step look: a retry policy needs a predicate: {"max_retries":3}',
  ],
  [
    "a predicate with two arguments",
    [retried({ predicate: "${pair}", max_retries: 3, backoff: "${retry.default_backoff}" })],
    "step look: the predicate pair must take one argument, the error",
  ],
  [
    "too many assignments",
    [{ one: { assign: Array.from({ length: 51 }, (_, index) => ({ [`x${index}`]: 1 })) } }],
    "step one: 51 assignments, more than 50",
  ],
  [
    "too many conditions",
    [{ one: { switch: Array.from({ length: 51 }, () => ({ condition: false, next: "end" })) } }],
    "step one: 51 conditions, more than 50",
  ],
  [
    "a long expression",
    [{ one: { return: `\${"${"a".repeat(400)}"}` } }],
    `step one: 405 characters are more than 400: \${"${"a".repeat(400)}"}`,
  ],
])("a deployment rejects %s", (_, steps, expected) => {
  const source: WorkflowSource = {
    main: { params: ["args"], steps },
    other: { params: ["period"], steps: [{ finish: { return: "${period}" } }] },
    pair: { params: ["a", "b"], steps: [{ finish: { return: "${a == b}" } }] },
  };
  expect(workflowFaults(source)).toEqual([`main: ${expected}`]);
});

test("a deployment rejects source code that is too long, and a program without main", () => {
  const long = { assign: [{ x: "a".repeat(128 * 1024) }] };
  expect(faults({ one: long })).toEqual([
    expect.stringMatching(/^the source has \d+ bytes, more than 131072$/),
  ]);
  expect(workflowFaults({ other: { steps: [{ one: get }] } })).toEqual(["there is no subworkflow main"]);
});

test("a deployment accepts variables where they exist", () => {
  const steps: Step[] = [
    { begin: { assign: [{ seen: [] }] } },
    {
      look: {
        try: { ...get, result: "found" },
        except: { as: "e", steps: [{ keep: { assign: [{ seen: "${[e]}" }] } }] },
      },
    },
    { choose: { switch: [{ condition: true, steps: [{ inner: { assign: [{ within: "${found}" }] } }] }] } },
    {
      each: {
        parallel: {
          shared: ["seen"],
          for: { value: "n", in: [1], steps: [{ add: { assign: [{ seen: "${[n]}" }] } }] },
        },
      },
    },
    { end: { return: "${[args, seen, within]}" } },
  ];
  expect(faults(...steps)).toEqual([]);
});
