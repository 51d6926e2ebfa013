import type { Counts, StackSummary, Verdict } from "../report";
import type { FailedCheck, GuardEntry } from "../report/assessment";
import { countsText, isNothing } from "./counts";

export interface Judgement {
  readonly stacks: readonly StackSummary[];
  readonly counts: Counts;
  readonly guard: readonly GuardEntry[];
  readonly checks: readonly FailedCheck[];
  /** Whether a failing check counts as a change. */
  readonly strictChecks: boolean;
}

/** An error takes precedence over the guard, and the guard over changes. */
export function verdictOf({ stacks, counts, guard, checks, strictChecks }: Judgement): Verdict {
  if (stacks.some(({ status }) => status === "errored")) return "error";
  if (guard.some(({ allowed }) => !allowed)) return "guard";
  const open = stacks.some(({ status }) => status !== "unchanged");
  return open || !isNothing(counts) || (strictChecks && checks.length > 0) ? "changed" : "none";
}

/** The verdict in one sentence. */
export function headlineOf(verdict: Verdict, judgement: Judgement): string {
  const { stacks, counts, guard, checks } = judgement;
  const what = countsText(counts);
  switch (verdict) {
    case "error": {
      const errored = stacks.filter(({ status }) => status === "errored").map(({ name }) => name);
      return `Error: ${errored.join(", ")} could not be planned${what === "" ? "" : `. Planned changes: ${what}`}`;
    }
    case "guard": {
      const open = guard.filter(({ allowed }) => !allowed);
      const losses = open.filter(({ rule }) => rule === "data-loss").length;
      const parts = [
        ...(losses > 0 ? [plural(losses, "resource loses data", "resources lose data")] : []),
        ...(open.length > losses
          ? [plural(open.length - losses, "change broadens access", "changes broaden access")]
          : []),
      ];
      return `Guard failed: ${parts.join(", ")}. Total: ${what}`;
    }
    case "changed":
      return what === "" ? `Changes to review: ${openText(judgement)}` : `Changes to review: ${what}`;
    case "none":
      return `No changes${stacks.length > 1 ? ` in ${stacks.length} stacks` : ""}${checks.length > 0 ? `, but ${plural(checks.length, "check fails", "checks fail")}` : ""}`;
  }
}

function openText({ stacks, checks }: Judgement): string {
  const open = stacks.filter(({ status }) => status !== "unchanged");
  if (open.length > 0) return open.map(({ name, status }) => `${name} is ${statusWords[status]}`).join(", ");
  return plural(checks.length, "check fails", "checks fail");
}

/** Descriptions of statuses. */
export const statusWords: Readonly<Record<StackSummary["status"], string>> = {
  unchanged: "unchanged",
  changed: "changed",
  partial: "partially planned",
  errored: "errored",
  blocked: "blocked by another stack",
  unplanned: "not planned",
  gone: "gone from head",
};

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
