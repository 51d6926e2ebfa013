import * as z from "zod/mini";
import type { Environment } from "./environment";

/** An environment is unknown, or its values are wrong; the message lists every fault with its field. */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
}

/**
 * Picks an environment by name and checks all its values.
 *
 * @throws EnvironmentError naming the environments there are, or every fault of the one asked for
 */
export function validated(name: string, environments: readonly Environment[]): Environment {
  const environment = environments.find((candidate) => candidate.name === name);
  if (environment === undefined) {
    const known = environments.map((candidate) => candidate.name).join(", ");
    throw new EnvironmentError(`PLATFORM_ENV is "${name}"; there are ${known}. Add one in config/.`);
  }
  const parsed = shape.safeParse(environment);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(
      (issue) => `  - ${issue.path.join(".")}: ${said(issue, environment)}`,
    );
    const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
    throw new EnvironmentError(`config/${name}.ts: ${count}\n${faults.join("\n")}`);
  }
  return environment;
}

const text = (pattern: RegExp, form: string) =>
  z.string().check(z.regex(pattern, { error: `must be ${form}` }));
const whole = (low: number, high: number) => {
  const error = `must be a whole number from ${low} to ${high}`;
  return z.int({ error }).check(z.gte(low, { error }), z.lte(high, { error }));
};
const oneOf = (...values: number[]) =>
  z
    .number()
    .check(z.refine((value) => values.includes(value), { error: `must be one of ${values.join(", ")}` }));

const labelText = text(/^[a-z0-9_-]{0,63}$/, "at most 63 lower-case letters, digits, - and _");
// No dashes: cdktf turns them into underscores in a provider's default labels.
const labelKey = text(/^[a-z][a-z0-9_]{0,62}$/, "at most 63 lower-case letters, digits and _, letter first");

const shape = z.strictObject({
  name: text(/^[a-z][a-z0-9]{0,7}$/, "a lower-case letter and at most 7 more letters or digits"),
  project: z.strictObject({
    id: text(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, "a project id: 6 to 30 lower-case letters, digits and dashes"),
    number: text(/^[1-9][0-9]{5,18}$/, "the project's number, as text"),
  }),
  region: text(/^[a-z]+-[a-z]+[0-9]+$/, "a region such as europe-west6"),
  labels: z.record(labelKey, labelText),
  protectData: z.boolean(),
  ingestion: z.strictObject({
    image: text(
      /^[a-z0-9./_-]+@sha256:[0-9a-f]{64}$/,
      "an image by digest: <repository>/<image>@sha256:<64 hex digits>",
    ),
    cpu: oneOf(1, 2, 4, 8),
    memoryGib: whole(1, 32),
    timeoutSeconds: whole(60, 86_400),
    landingDays: whole(1, 3650),
    rejectsDays: whole(1, 3650),
  }),
});

function said(issue: z.core.$ZodIssue, environment: Environment): string {
  if (issue.code === "unrecognized_keys") return `has unknown fields: ${issue.keys.join(", ")}`;
  if (issue.code === "invalid_key")
    return `as a name ${issue.issues.map(({ message }) => message).join(", ")}`;
  const found = issue.path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    environment,
  );
  return found === undefined ? "is missing" : `${JSON.stringify(found)} ${issue.message}`;
}
