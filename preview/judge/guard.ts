import type { AccessChange, GuardEntry, Loss } from "../report/assessment";
import { referenceOf } from "./rows";

/** Changes that require explicit approval: data loss and broader access. */
export function guardEntries(
  losses: readonly Loss[],
  access: readonly AccessChange[],
): Omit<GuardEntry, "allowed">[] {
  return [
    ...losses
      .filter((loss) => loss.class === "lost")
      .map((loss) => ({ ...referenceOf(loss), rule: "data-loss" as const, reason: loss.reason })),
    ...access.flatMap((change) =>
      change.broadening === undefined
        ? []
        : [
            {
              ...referenceOf(change),
              rule: "access" as const,
              reason: `${change.who} on ${change.on}: ${change.broadening}`,
            },
          ],
    ),
  ];
}

/** Marks the entries that `allow` names with the current digest. */
export function withAllowances(
  entries: readonly Omit<GuardEntry, "allowed">[],
  allow: readonly string[],
  digest: string,
): GuardEntry[] {
  const allowed = new Set(
    allow.flatMap((entry) => (entry.endsWith(`@${digest}`) ? [entry.slice(0, -digest.length - 1)] : [])),
  );
  return entries.map((entry) => ({
    ...entry,
    allowed: allowed.has(entry.address) || allowed.has(`${entry.stack}/${entry.address}`),
  }));
}

/** Allowances that match no entry, usually because the changes are different now. */
export function staleAllowances(
  allow: readonly string[],
  guard: readonly GuardEntry[],
  digest: string,
): string[] {
  return allow.filter(
    (entry) =>
      !guard.some(
        ({ stack, address }) => entry === `${address}@${digest}` || entry === `${stack}/${address}@${digest}`,
      ),
  );
}
