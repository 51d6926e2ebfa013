import * as z from "zod/mini";
import { planFileName } from "./plan-stack";
import type { Terraform } from "./terraform";

export interface ApplySettings {
  readonly terraform: Terraform;
  /** Asks Terraform to shut down gracefully: what is being made is finished and recorded. */
  readonly signal: AbortSignal;
  /** Ends Terraform at once, and may lose what is being made from the state. @default - it is never ended */
  readonly force?: AbortSignal;
  /** Is called with each line of progress. */
  readonly say: (line: string) => void;
}

/**
 * Applies the plan file of a stack. An apply that has begun is not cut short unless it is forced: it would lose what it
 * has made from the state.
 *
 * @returns what went wrong, or undefined
 */
export async function applyPlan(
  folder: string,
  { terraform, signal, force, say }: ApplySettings,
): Promise<string | undefined> {
  const errors: string[] = [];
  const lines = new Lines((line) => {
    const message = messageIn(line);
    if (message === undefined) return;
    if (message.error) errors.push(message.text);
    say(message.text);
  });
  const { exitCode, stderr } = await terraform.run(
    ["apply", "-json", "-input=false", "-lock-timeout=60s", planFileName],
    {
      folder,
      signal,
      patience: Infinity,
      ...(force && { force }),
      onOutput: (text) => {
        lines.add(text);
      },
    },
  );
  lines.end();
  const rest = stderr.trim();
  if (rest !== "") say(rest);
  if (exitCode === 0) return undefined;
  return errors.join("; ") || rest || `terraform apply ended with exit code ${exitCode}`;
}

const entry = z.looseObject({
  "@message": z.string(),
  "@level": z.optional(z.string()),
  type: z.string(),
  diagnostic: z.optional(z.object({ summary: z.string(), detail: z._default(z.string(), "") })),
});

interface Message {
  readonly text: string;
  readonly error: boolean;
}

/** What of Terraform's stream is for people: what is made, and what went wrong. Values, as of outputs, are not. */
function messageIn(line: string): Message | undefined {
  const read = entry.safeParse(parsed(line));
  if (!read.success) return undefined;
  const { "@message": message, "@level": level, type, diagnostic } = read.data;
  switch (type) {
    case "apply_start":
    case "apply_complete":
    case "apply_errored":
    case "change_summary":
      return { text: message, error: false };
    case "diagnostic": {
      const parts = [message, diagnostic?.detail].filter((part) => part !== undefined && part !== "");
      return { text: parts.join("\n  "), error: level === "error" };
    }
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

/** Whole lines of a text that comes in pieces. */
class Lines {
  private rest = "";

  constructor(private readonly onLine: (line: string) => void) {}

  add(text: string): void {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) this.onLine(line);
  }

  end(): void {
    this.onLine(this.rest);
  }
}
