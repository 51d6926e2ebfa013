import { reversed, among } from "../terraform/run-in-order";
import type { StackFolder } from "../terraform/stack-folder";
import type { Request } from "./request";

/** The stacks to run, in their order. */
export interface Chosen {
  readonly stacks: readonly StackFolder[];
  /** What was left out although nobody asked for that. @default - nothing */
  readonly note?: string;
}

/**
 * The stacks that were asked for, in the order in which they are run.
 *
 * @throws Error listing the stacks when one does not exist, or none is left
 */
export function choose(
  all: readonly StackFolder[],
  { action, stack = [], except = [] }: Pick<Request, "action" | "stack" | "except">,
): Chosen {
  const names = all.map(({ name }) => name);
  const unknown = [...stack, ...except].filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new Error(`stack "${unknown.join('", "')}" does not exist; available stacks: ${names.join(", ")}`);
  const wanted = all.filter(
    ({ name }) => (stack.length === 0 || stack.includes(name)) && !except.includes(name),
  );
  if (wanted.length === 0) throw new Error(`no stack is left; available stacks: ${names.join(", ")}`);
  if (action === "deploy") return { stacks: among(wanted, all) };
  const kept = stack.length > 0 ? [] : wanted.filter(holdsItsState);
  const stacks = reversed(among(wanted, all)).filter(({ name }) => !kept.some((one) => one.name === name));
  if (kept.length === 0) return { stacks };
  const kept_ = kept.map(({ name }) => name).join(", ");
  return {
    stacks,
    note: `${kept_} is kept: it holds the bucket of the state. docs/deploy.md says how to destroy it.`,
  };
}

/** Whether a stack creates the bucket in which its own state is kept, and would delete it in the middle of the run. */
function holdsItsState({ configuration: { terraform, resource } }: StackFolder): boolean {
  const bucket = terraform.backend?.gcs?.bucket;
  const buckets = Object.values(resource.google_storage_bucket ?? {});
  return bucket !== undefined && buckets.some(({ name }) => name === bucket);
}
