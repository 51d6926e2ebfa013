import type { Report } from "../report";
import { previewReport } from "../preview";
import { type Applied, applyAll } from "./apply";
import { type PlanOptions, planApp } from "./plan-app";

export interface DeployOptions extends Omit<PlanOptions, "credentials" | "synthesized"> {
  /** Digest of the preview that was reviewed. */
  readonly expect: string;
  readonly allow: readonly string[];
}

/** What a deployment came to. */
export type Deployed =
  | { readonly kind: "applied"; readonly report: Report; readonly progress: Applied }
  | { readonly kind: "refused"; readonly report: Report; readonly reason: string };

/**
 * Plans, and applies these very plans if they are the ones that were reviewed. Terraform itself refuses a plan whose
 * state has changed since.
 */
export async function deployApp(
  options: DeployOptions,
  workspace: string,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<Deployed> {
  const { terraform, planned, input } = await planApp(
    { ...options, credentials: true, compare: false, writes: true },
    workspace,
    signal,
  );
  const report = previewReport({ ...input, allow: options.allow });
  const reason = objection(report, options.expect);
  if (reason !== undefined) return { kind: "refused", report, reason };
  const progress = await applyAll(planned, { terraform, signal }, say);
  return { kind: "applied", report, progress };
}

/** Why a plan must not be applied; undefined when it is what was reviewed. */
export function objection(report: Report, expected: string): string | undefined {
  const unplanned = report.stacks.filter(({ status }) => status === "errored" || status === "blocked");
  if (unplanned.length > 0)
    return `${unplanned.map(({ name }) => name).join(", ")}: without a plan there is nothing that could have been reviewed`;
  if (report.digest !== withAlgorithm(expected))
    return `the plan is not the one that was reviewed: its digest is ${report.digest}, expected was ${withAlgorithm(expected)}. Review it anew`;
  const open = report.guard.filter(({ allowed }) => !allowed);
  if (open.length > 0)
    return `the guard needs an allowance: ${open.map(({ address, reason }) => `--allow ${address}@${report.digest} (${reason})`).join("; ")}`;
  return undefined;
}

function withAlgorithm(digest: string): string {
  return digest.includes(":") ? digest : `sha256:${digest}`;
}
