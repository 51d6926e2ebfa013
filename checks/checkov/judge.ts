import type { Finding } from "./findings";
import type { Suppression } from "./suppressions";

export interface Judgement {
  /** Findings that are not suppressed. */
  readonly open: readonly Finding[];
  readonly suppressed: readonly { readonly suppression: Suppression; readonly count: number }[];
  /** Faults of the suppressions themselves. */
  readonly faults: readonly string[];
}

/** Compares the findings with the suppressions, and checks the suppressions. */
export function judged(findings: readonly Finding[], suppressions: readonly Suppression[]): Judgement {
  const suppressed = suppressions.map((suppression) => ({
    suppression,
    count: findings.filter((finding) => covers(suppression, finding)).length,
  }));
  const faults = suppressed.flatMap(({ suppression: { check, constructs, reason }, count }) => [
    ...(reason.trim() === "" ? [`${check} of ${constructs} has no reason: add one`] : []),
    ...(count === 0 ? [`${check} of ${constructs} matches no finding: remove it`] : []),
  ]);
  return {
    open: findings.filter((finding) => !suppressions.some((one) => covers(one, finding))),
    suppressed,
    faults,
  };
}

function covers({ check, constructs }: Suppression, finding: Finding): boolean {
  return check === finding.check && pattern(constructs).test(finding.construct);
}

function pattern(constructs: string): RegExp {
  const parts = constructs.split("*").map((part) => part.replaceAll(/[^A-Za-z0-9_/-]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}
