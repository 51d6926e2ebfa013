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

/** Schemes of an address that a source may have; without one it is a path. */
export const sourceSchemes = ["https", "http", "gs", "s3", "file"] as const;

/** The scheme of an address in lower case, known or not; undefined for a path. */
export function schemeOf(address: string): string | undefined {
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(address) ?? [];
  return scheme?.toLowerCase();
}

/** Names in a query whose values give access: a signature, a token, a key. */
const secretNames =
  /^(x-(amz|goog)-(signature|credential|security-token)|sig|signature|(access_?|auth_?|id_?)?token|(api|access|subscription)?[-_]?key|password|passwd|secret|client_secret|awsaccesskeyid)$/i;

/** What is wrong with the address of a specification, which everybody reads who reads the synthesized JSON. */
export function addressFaults(template: string): string[] {
  const scheme = schemeOf(template);
  if (scheme === undefined) return [];
  const known: readonly string[] = sourceSchemes;
  if (!known.includes(scheme))
    return [`the scheme "${scheme}" is not supported; use ${sourceSchemes.join(", ")} or a path`];
  if (scheme === "gs" || scheme === "s3")
    return /^\w+:\/\/[^/]+\/.+/s.test(template) ? [] : [`must be ${scheme}://<bucket>/<name of the object>`];
  const address = template.replace(/\{[^}]*\}/g, "1");
  if (!URL.canParse(address)) return ["is not a valid address: check host and port"];
  const { username, password, searchParams } = new URL(address);
  const faults: string[] = [];
  const advice = "give the whole address to a run: in SOURCE_URL, from a secret, or by --source";
  if (username !== "" || password !== "")
    faults.push(`must not hold user and password: a specification is no place for secrets; ${advice}`);
  for (const name of new Set(searchParams.keys()))
    if (secretNames.test(name))
      faults.push(`must not hold ${name}: a specification is no place for secrets; ${advice}`);
  return faults;
}

/** The address of a specification as a message may show it: without user, password and the query's values. */
export function shownTemplate(template: string): string {
  return template
    .replace(/(:\/\/)[^\s/?#]*@/, "$1")
    .replace(/([?&][^=&#]*=)(?!\{[^}]*\}(&|#|$))[^&#]*/g, "$1…");
}
