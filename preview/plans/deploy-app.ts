import type { Report } from "../report";
import { previewReport } from "../preview";
import { type Applied, applyAll } from "./apply";
import { type PlanOptions, planApp } from "./plan-app";

export interface DeployOptions extends Omit<PlanOptions, "credentials" | "synthesized"> {
  /** Digest of the reviewed preview. */
  readonly expect: string;
  readonly allow: readonly string[];
}

/** Result of a deployment. */
export type Deployed =
  | { readonly kind: "applied"; readonly report: Report; readonly progress: Applied }
  | { readonly kind: "refused"; readonly report: Report; readonly reason: string };

/**
 * Plans all stacks, and applies exactly these plans if they match the reviewed digest. Terraform itself rejects a plan
 * whose state has changed since.
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

/** Why a plan must not be applied; undefined if it matches the review. */
export function objection(report: Report, expected: string): string | undefined {
  const unplanned = report.stacks.filter(({ status }) => status === "errored" || status === "blocked");
  if (unplanned.length > 0) return `no plan for ${unplanned.map(({ name }) => name).join(", ")}`;
  if (report.digest !== withAlgorithm(expected))
    return `the plan differs from the reviewed plan: its digest is ${report.digest}, expected ${withAlgorithm(expected)}. Review the new plan`;
  const open = report.guard.filter(({ allowed }) => !allowed);
  if (open.length > 0)
    return `the guard rejects changes that are not allowed: ${open.map(({ address, reason }) => `--allow ${address}@${report.digest} (${reason})`).join("; ")}`;
  return undefined;
}

function withAlgorithm(digest: string): string {
  return digest.includes(":") ? digest : `sha256:${digest}`;
}
