import * as z from "zod/mini";
import { planFileName } from "../terraform/plan-stack";
import type { Terraform } from "../terraform/terraform";
import type { Planned } from "./tools";

/** Progress of a deployment. */
export interface Applied {
  /** Applied stacks, in order. */
  readonly applied: readonly string[];
  /** The failed stack; its changes may be partially applied. @default - none */
  readonly failed?: string;
  /** Stacks with changes that were not started. */
  readonly left: readonly string[];
}

/**
 * Applies exactly the existing plan files, one stack after the other, and stops at the first failure. A running apply
 * is never killed, because resources it created would be missing from the state.
 *
 * @param planned stacks in the order of deployment
 * @param say called with each line of progress
 */
export async function applyAll(
  planned: readonly Planned[],
  { terraform, signal }: { readonly terraform: Terraform; readonly signal: AbortSignal },
  say: (line: string) => void,
): Promise<Applied> {
  const queue = planned.filter(hasChanges);
  const names = queue.map(({ stack }) => stack.name);
  for (const [index, { stack }] of queue.entries()) {
    if (signal.aborted) return { applied: names.slice(0, index), left: names.slice(index) };
    const lines = new Lines((line) => {
      const message = messageOf(line);
      if (message !== undefined) say(`${stack.name}: ${message}`);
    });
    const { exitCode, stderr } = await terraform.run(
      ["apply", "-json", "-input=false", "-lock-timeout=60s", planFileName],
      {
        folder: stack.folder,
        signal,
        patience: Infinity,
        onOutput: (text) => {
          lines.add(text);
        },
      },
    );
    if (exitCode === 0) continue;
    if (stderr.trim() !== "") say(`${stack.name}: ${stderr.trim()}`);
    return { applied: names.slice(0, index), failed: stack.name, left: names.slice(index + 1) };
  }
  return { applied: names, left: [] };
}

const applyable = z.looseObject({ applyable: z._default(z.boolean(), true) });

function hasChanges({ outcome }: Planned): boolean {
  return outcome.kind === "planned" && applyable.parse(JSON.parse(outcome.content.toString())).applyable;
}

const entry = z.looseObject({
  "@message": z.string(),
  type: z.string(),
  diagnostic: z.optional(z.object({ summary: z.string(), detail: z._default(z.string(), "") })),
});

/** The messages of Terraform that are shown: progress and errors. Values, such as outputs, are not shown. */
function messageOf(line: string): string | undefined {
  const read = entry.safeParse(parsed(line));
  if (!read.success) return undefined;
  const { "@message": message, type, diagnostic } = read.data;
  switch (type) {
    case "apply_start":
    case "apply_complete":
    case "apply_errored":
    case "change_summary":
      return message;
    case "diagnostic":
      return [message, diagnostic?.detail].filter((part) => part !== undefined && part !== "").join("\n  ");
    default:
      return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Splits a stream of text into lines. */
class Lines {
  private rest = "";

  constructor(private readonly onLine: (line: string) => void) {}

  add(text: string): void {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) this.onLine(line);
  }
}
