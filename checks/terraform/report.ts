import { columns } from "../columns";
import type { StackCheck } from "./check-stack";
import type { Diagnostic } from "./diagnostics";

/** All that was found as text: what is wrong stack by stack, why stacks were skipped, and the table. */
export function report(checks: readonly StackCheck[]): string {
  const wrong = checks.flatMap(({ stack, diagnostics }) => diagnostics.map((one) => told(stack, one)));
  const table = columns([
    ["stack", "init", "validate", "plan", "to add", "warnings", "seconds", "verdict"],
    ...checks.map(row),
  ]);
  const skipped = skips(checks);
  return [...wrong, ...skipped, ...(skipped.length > 0 ? [toCheckThem] : []), table].join("\n\n");
}

const toCheckThem = `To have them checked: install Terraform (https://developer.hashicorp.com/terraform/install). Providers come from its
registry; where that is not reached, set TRIBUTARY_PROVIDER_MIRROR to a folder that \`terraform providers mirror\`
filled elsewhere (docs/ci.md).`;

function row({ stack, steps, add, diagnostics, seconds, verdict }: StackCheck): (string | number)[] {
  const warnings = diagnostics.filter(({ severity }) => severity === "warning").length;
  const tried = verdict !== "skipped";
  return [
    stack,
    steps.init,
    steps.validate,
    steps.plan,
    add ?? "-",
    tried ? warnings : "-",
    tried ? seconds.toFixed(1) : "-",
    verdict,
  ];
}

function told(stack: string, { severity, summary, detail, where }: Diagnostic): string {
  const place = where === undefined ? stack : `${stack}: ${where}`;
  return [`${severity}: ${place}`, summary, ...(detail === "" ? [] : [detail])].join("\n  ");
}

/** One paragraph a reason, with the stacks it holds for. */
function skips(checks: readonly StackCheck[]): string[] {
  const reasons = new Map<string, string[]>();
  for (const { stack, reason } of checks) {
    if (reason !== undefined) reasons.set(reason, [...(reasons.get(reason) ?? []), stack]);
  }
  return [...reasons].map(([reason, stacks]) => `skipped: ${stacks.join(", ")}\n  ${reason}`);
}
