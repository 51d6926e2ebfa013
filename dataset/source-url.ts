import type { Grain, Period } from "./period";

/** Placeholders that a URL template may contain, by grain, and the sets of them that identify a period. */
const placeholders: Record<
  Grain,
  { readonly allowed: readonly string[]; readonly sufficient: readonly string[][] }
> = {
  once: { allowed: [], sufficient: [[]] },
  month: { allowed: ["period", "year", "month"], sufficient: [["period"], ["year", "month"]] },
  day: { allowed: ["period", "year", "month", "day"], sufficient: [["period"], ["year", "month", "day"]] },
};

/** URL of a period's file. */
export function sourceUrl(template: string, period: Period): string {
  if (period.grain === "once") return template;
  return template
    .replaceAll("{period}", period.label)
    .replaceAll("{year}", period.year)
    .replaceAll("{month}", period.month)
    .replaceAll("{day}", period.dayOfMonth);
}

/** Faults of a URL template: unknown placeholders, or placeholders that do not identify the period. */
export function templateFaults(template: string, grain: Grain): string[] {
  const used = [...template.matchAll(/\{([^}]*)\}/g)].map((match) => match[1] ?? "");
  const { allowed, sufficient } = placeholders[grain];
  const unknown = [...new Set(used)].filter((name) => !allowed.includes(name));
  const faults = unknown.map((name) =>
    grain === "once"
      ? `{${name}} is not allowed: a data set with the grain once has a single file`
      : `{${name}} is not a valid placeholder; for the grain ${grain}, use ${allowed.map((key) => `{${key}}`).join(", ")}`,
  );
  if (!sufficient.some((set) => set.every((name) => used.includes(name)))) {
    const ways = sufficient.map((set) => set.map((name) => `{${name}}`).join(" and ")).join(", or ");
    faults.push(`does not identify the period: every ${grain} would read the same file; use ${ways}`);
  }
  return faults;
}
