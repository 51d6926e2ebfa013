import { equal } from "../diff/equal";
import type { Json, JsonObject } from "../json";
import type { PlannedOutput, PlannedResource, StackPlan } from "../plan/stack-plan";
import type { SynthesizedApp, SynthesizedResource, SynthesizedStack } from "./app";
import { replacedBy } from "./immutable";

/**
 * The changes from one synthesized app to another, in the form of plans. Stacks that exist only in base are omitted.
 */
export function plansBetween(base: SynthesizedApp, head: SynthesizedApp): StackPlan[] {
  return head.stacks.map((stack) =>
    planBetween(
      base.stacks.find(({ name }) => name === stack.name),
      stack,
    ),
  );
}

function planBetween(base: SynthesizedStack | undefined, head: SynthesizedStack): StackPlan {
  const old = byAddress(base);
  const fresh = byAddress(head);
  const addresses = [...new Set([...old.keys(), ...fresh.keys()])];
  return {
    stack: head.name,
    errored: false,
    complete: true,
    resources: [
      ...addresses.flatMap((address) => change(address, old.get(address), fresh.get(address))),
      ...(base === undefined || equal(base.rest, head.rest) ? [] : [settings(base.rest, head.rest)]),
    ],
    drift: [],
    outputs: outputsBetween(base?.outputs ?? {}, head.outputs),
    checks: [],
    references: new Map([...old, ...fresh].map(([address, { references }]) => [address, references])),
    configured: new Map([...fresh].map(([address, resource]) => [address, resource.arguments])),
    relevant: [],
    invocations: [],
    secrets: [],
  };
}

function byAddress(stack: SynthesizedStack | undefined): Map<string, SynthesizedResource> {
  return new Map(stack?.resources.map((resource) => [resource.address, resource]));
}

function change(
  address: string,
  before: SynthesizedResource | undefined,
  after: SynthesizedResource | undefined,
): PlannedResource[] {
  const known = after ?? before;
  // Data sources are only read.
  if (known === undefined || known.mode === "data") return [];
  const paths =
    before !== undefined && after !== undefined
      ? replacedBy(known.type, before.arguments, after.arguments)
      : [];
  const actions =
    before === undefined
      ? ["create"]
      : after === undefined
        ? ["delete"]
        : equal(before.arguments, after.arguments)
          ? ["no-op"]
          : paths.length > 0
            ? ["delete", "create"]
            : ["update"];
  return [
    {
      address,
      mode: "managed",
      type: known.type,
      actions,
      replacePaths: paths.map((path) => [path]),
      ...sides(before?.arguments ?? null, after?.arguments ?? null),
    },
  ];
}

/** The settings of a stack that are not resources: providers, variables, the backend. */
function settings(before: JsonObject, after: JsonObject): PlannedResource {
  return {
    address: "terraform",
    mode: "managed",
    type: "terraform",
    actions: ["update"],
    replacePaths: [],
    ...sides(before, after),
  };
}

function outputsBetween(
  before: Readonly<Record<string, Json>>,
  after: Readonly<Record<string, Json>>,
): PlannedOutput[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].map((name) => {
    const [old, fresh] = [before[name], after[name]];
    const actions = [
      old === undefined ? "create" : fresh === undefined ? "delete" : equal(old, fresh) ? "no-op" : "update",
    ];
    return { name, actions, ...sides(old ?? null, fresh ?? null) };
  });
}

function sides(before: Json, after: Json) {
  return { before, after, unknown: false, beforeSensitive: false, afterSensitive: false };
}
