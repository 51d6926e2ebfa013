import { columns } from "../columns";
import type { StackCheck } from "./check-stack";
import type { Diagnostic } from "./diagnostics";

/** The results as text: diagnostics by stack, reasons for skipped stacks, and a table. */
export function report(checks: readonly StackCheck[]): string {
  const wrong = checks.flatMap(({ stack, diagnostics }) =>
    diagnostics.map((one) => diagnosticText(stack, one)),
  );
  const table = columns([
    ["stack", "init", "validate", "plan", "settle", "to add", "warnings", "seconds", "verdict"],
    ...checks.map(row),
  ]);
  const skipped = skips(checks);
  return [...wrong, ...skipped, ...(skipped.length > 0 ? [howToCheck] : []), table].join("\n\n");
}

const howToCheck = `To check them, install Terraform (https://developer.hashicorp.com/terraform/install). Providers are downloaded from its
registry. If the registry cannot be reached, set TRIBUTARY_PROVIDER_MIRROR to a folder that was created with
\`terraform providers mirror\` on another machine (docs/ci.md).`;

function row({ stack, steps, add, diagnostics, seconds, verdict }: StackCheck): (string | number)[] {
  const warnings = diagnostics.filter(({ severity }) => severity === "warning").length;
  const checked = verdict !== "skipped";
  return [
    stack,
    steps.init,
    steps.validate,
    steps.plan,
    steps.settle,
    add ?? "-",
    checked ? warnings : "-",
    checked ? seconds.toFixed(1) : "-",
    verdict,
  ];
}

function diagnosticText(stack: string, { severity, summary, detail, where }: Diagnostic): string {
  const place = where === undefined ? stack : `${stack}: ${where}`;
  return [`${severity}: ${place}`, summary, ...(detail === "" ? [] : [detail])].join("\n  ");
}

/** One paragraph per reason, with the stacks that it applies to. */
function skips(checks: readonly StackCheck[]): string[] {
  const reasons = new Map<string, string[]>();
  for (const { stack, reason } of checks) {
    if (reason !== undefined) reasons.set(reason, [...(reasons.get(reason) ?? []), stack]);
  }
  return [...reasons].map(([reason, stacks]) => `skipped: ${stacks.join(", ")}\n  ${reason}`);
}
