import { grainRules } from "./grain";
import type { Grain, Period } from "./period";

/** Placeholders that a URL template may contain, by grain, and the sets of them that identify a period. */
function placeholders(grain: Grain): {
  readonly allowed: readonly string[];
  readonly sufficient: readonly (readonly string[])[];
} {
  if (grain === "once") return { allowed: [], sufficient: [[]] };
  const { parts } = grainRules[grain];
  // A weekly file is often named by its Monday.
  const date = grain === "week" ? ["date"] : [];
  return {
    allowed: ["period", ...parts, ...date],
    sufficient: [["period"], parts, ...date.map((one) => [one])],
  };
}

/** URL of a period's file. */
export function sourceUrl(template: string, period: Period): string {
  const { grain } = period;
  if (grain === "once") return template;
  return grainRules[grain].parts.reduce(
    (url, part) => url.replaceAll(`{${part}}`, period.part(part)),
    template.replaceAll("{period}", period.label).replaceAll("{date}", period.startDate),
  );
}

/** Faults of a URL template: unknown placeholders, or placeholders that do not identify the period. */
export function templateFaults(template: string, grain: Grain): string[] {
  const used = [...template.matchAll(/\{([^}]*)\}/g)].map((match) => match[1] ?? "");
  const { allowed, sufficient } = placeholders(grain);
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
    return /^\w+:\/\/[^/]+\/.+/s.test(template) ? [] : [`must be ${scheme}://<bucket>/<object name>`];
  const address = template.replace(/\{[^}]*\}/g, "1");
  if (!URL.canParse(address)) return ["is not a valid address: check host and port"];
  const { username, password, searchParams } = new URL(address);
  const faults: string[] = [];
  const advice = "pass the complete address to a run: in SOURCE_URL from a secret, or with --source";
  if (username !== "" || password !== "")
    faults.push(`must not contain a user or password: a specification must not contain secrets; ${advice}`);
  for (const name of new Set(searchParams.keys()))
    if (secretNames.test(name))
      faults.push(`must not contain ${name}: a specification must not contain secrets; ${advice}`);
  return faults;
}

/** The address of a specification as a message may show it: without user, password and the query's values. */
export function shownTemplate(template: string): string {
  return template
    .replace(/(:\/\/)[^\s/?#]*@/, "$1")
    .replace(/([?&][^=&#]*=)(?!\{[^}]*\}(&|#|$))[^&#]*/g, "$1…");
}
