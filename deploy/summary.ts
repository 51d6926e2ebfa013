import { lossTitles, plural, referenceText } from "../preview/render/words";
import type { Counts, StackSummary } from "../preview/report";
import type { Plans } from "./plan";
import type { Request } from "./request";

/** What the plans do, one line per stack; after it, what is lost and what will be refused. */
export function summaryOf({ report, failed }: Plans, action: Request["action"]): string {
  const { stacks, losses, obstacles, warnings } = report;
  const width = Math.max(...stacks.map(({ name }) => name.length));
  const shown = stacks.filter(({ status }) => status !== "unplanned" && status !== "gone");
  const lines = shown.map((stack) => `  ${stack.name.padEnd(width)}  ${stackText(stack, failed)}`);
  if (failed)
    return [...lines, "Nothing was changed: not all stacks could be planned.", ...hints(shown)].join("\n");
  // Whoever destroys a platform wants its data to be gone; that it may be refused is still worth knowing.
  const lost =
    action === "destroy"
      ? []
      : losses
          .filter((loss) => loss.class !== "recreated")
          .map((loss) => `  ${lossTitles[loss.class]}: ${referenceText(loss, true)}: ${loss.reason}`);
  const refused = obstacles
    .filter(({ certainty }) => certainty === "certain")
    .map((one) => `  Will be refused: ${referenceText(one, true)}: ${one.reason}. ${one.remedy}`);
  return [...lines, ...lost, ...refused, ...warnings.map((warning) => `  ${warning}`)].join("\n");
}

function stackText({ status, counts, detail = "" }: StackSummary, failed: boolean): string {
  switch (status) {
    case "errored":
      return failed ? `cannot be planned: ${detail}` : `planned, but cannot be summarized: ${detail}`;
    case "blocked":
      return `cannot be planned yet: it ${detail}`;
    case "unchanged":
      return "no changes";
    case "changed":
    case "partial":
    case "unplanned":
    case "gone":
      return countsText(counts);
  }
}

function countsText(counts: Counts): string {
  const verbs = ["create", "update", "replace", "delete", "forget", "move", "import"] as const;
  const parts = verbs.filter((verb) => counts[verb] > 0).map((verb) => `${counts[verb]} to ${verb}`);
  if (counts.output > 0) parts.push(plural(counts.output, "output"));
  return parts.length > 0 ? parts.join(", ") : "changes";
}

function hints(stacks: readonly StackSummary[]): string[] {
  const moved = stacks.some(({ detail }) => detail?.includes("Backend configuration changed") === true);
  return moved
    ? [
        "The state of a stack is in another backend: --stack <name> --migrate-state copies it to the configured one.",
      ]
    : [];
}
