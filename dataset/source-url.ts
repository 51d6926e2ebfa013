import type { Grain, Period } from "./period";

/** What a URL template may hold for each grain; the first list of each is enough to tell periods apart. */
const placeholders: Record<
  Grain,
  { readonly allowed: readonly string[]; readonly enough: readonly string[][] }
> = {
  once: { allowed: [], enough: [[]] },
  month: { allowed: ["period", "year", "month"], enough: [["period"], ["year", "month"]] },
  day: { allowed: ["period", "year", "month", "day"], enough: [["period"], ["year", "month", "day"]] },
};

/** The address of a period's file. */
export function sourceUrl(template: string, period: Period): string {
  if (period.grain === "once") return template;
  return template
    .replaceAll("{period}", period.label)
    .replaceAll("{year}", period.year)
    .replaceAll("{month}", period.month)
    .replaceAll("{day}", period.dayOfMonth);
}

/** What is wrong with a URL template: unknown placeholders, or too few to tell one period's file from another's. */
export function templateFaults(template: string, grain: Grain): string[] {
  const used = [...template.matchAll(/\{([^}]*)\}/g)].map((match) => match[1] ?? "");
  const { allowed, enough } = placeholders[grain];
  const unknown = [...new Set(used)].filter((name) => !allowed.includes(name));
  const faults = unknown.map((name) =>
    grain === "once"
      ? `{${name}} has no meaning: a data set ingested whole has one file`
      : `{${name}} is not known; a ${grain}'s file may use ${allowed.map((key) => `{${key}}`).join(", ")}`,
  );
  if (!enough.some((set) => set.every((name) => used.includes(name)))) {
    const ways = enough.map((set) => set.map((name) => `{${name}}`).join(" and ")).join(", or ");
    faults.push(`does not name the period: every ${grain} would read the same file; use ${ways}`);
  }
  return faults;
}
