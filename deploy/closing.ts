import type { Outcome } from "../terraform/run-in-order";
import type { StackFolder } from "../terraform/stack-folder";
import type { Plans } from "./plan";
import type { Request } from "./request";

type Outcomes = ReadonlyMap<StackFolder, Outcome>;

export function succeeded(outcomes: Outcomes): boolean {
  return [...outcomes.values()].every(({ kind }) => kind === "done");
}

/** What is done, what failed and why, what was not started and why, and how to go on. */
export function closing(
  outcomes: Outcomes,
  { unchanged, masks }: Pick<Plans, "unchanged" | "masks">,
  action: Request["action"],
): string {
  const done = [...outcomes].flatMap(([{ name }, { kind }]) => (kind === "done" ? [name] : []));
  const lines = [
    "",
    `${action === "deploy" ? "Deployed" : "Destroyed"}: ${done.length > 0 ? done.join(", ") : "none"}`,
    ...(unchanged.length > 0
      ? [`${action === "deploy" ? "Unchanged" : "Empty"}: ${unchanged.map(({ name }) => name).join(", ")}`]
      : []),
    ...[...outcomes].flatMap(([stack, outcome]) => textOf(stack, outcome)),
  ];
  if (!succeeded(outcomes)) lines.push(`Run the same command again: it continues where this run ended.`);
  return masks.message(lines.join("\n"));
}

function textOf({ name, folder }: StackFolder, outcome: Outcome): string[] {
  switch (outcome.kind) {
    case "done":
      return [];
    case "failed": {
      const lock = /\bID:\s+(\S+)/.exec(outcome.error)?.[1];
      const locked = /acquiring the state lock/i.test(outcome.error) && lock !== undefined;
      return [
        `Failed: ${name}: ${outcome.error}`,
        ...(locked
          ? [
              `  If nothing else deploys ${name}, remove the lock: terraform -chdir=${folder} force-unlock ${lock}`,
            ]
          : []),
      ];
    }
    case "not started":
      return [`Not started: ${name}: ${outcome.because}`];
  }
}
