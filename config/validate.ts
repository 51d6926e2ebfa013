import * as z from "zod/mini";
import { ConfigurationError } from "../errors/faults";
import { addressRange, overlapping } from "./address-range";
import type { Environment } from "./environment";

/**
 * Picks an environment by name and checks all its values.
 *
 * @throws ConfigurationError naming the environments there are, or every fault of the one asked for
 */
export function environmentNamed(name: string, environments: readonly Environment[]): Environment {
  const environment = environments.find((candidate) => candidate.name === name);
  if (environment === undefined) {
    const known = environments.map((candidate) => candidate.name).join(", ");
    throw new ConfigurationError("PLATFORM_ENV", [
      `"${name}": there is no such environment; there are ${known}. Add one in config/`,
    ]);
  }
  const parsed = shape.safeParse(environment);
  if (!parsed.success) {
    throw new ConfigurationError(
      `config/${name}.ts`,
      parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${said(issue, environment)}`),
    );
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

/** Private addresses only: 10/8, 172.16/12, 192.168/16. */
const privateRange = /^(10\.\d+|172\.(1[6-9]|2\d|3[01])|192\.168)\.\d+\.\d+\/(1[6-9]|2\d)$/;
const range = z.string().check(
  z.refine((value) => privateRange.test(value) && addressRange(value) !== undefined, {
    error: "must be a range of private addresses from /16 to /29 by its first, such as 10.10.0.0/24",
  }),
);

const shape = z.strictObject({
  name: text(/^[a-z][a-z0-9]{0,7}$/, "a lower-case letter and at most 7 more letters or digits"),
  project: z.strictObject({
    id: text(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, "a project id: 6 to 30 lower-case letters, digits and dashes"),
    number: text(/^[1-9][0-9]{5,18}$/, "the project's number, as text"),
  }),
  region: text(/^[a-z]+-[a-z]+[0-9]+$/, "a region such as europe-west6"),
  labels: z.record(labelKey, labelText),
  protectData: z.boolean(),
  kmsKey: z.optional(
    text(
      /^projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/,
      "projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>",
    ),
  ),
  network: z.strictObject({ subnetRange: range, servicesRange: range }).check(
    z.refine(({ subnetRange, servicesRange }) => !overlapping(subnetRange, servicesRange), {
      path: ["servicesRange"],
      error: "must have no address in common with subnetRange",
    }),
  ),
  ingestion: z.strictObject({
    image: text(
      /^[a-z0-9./_-]+@sha256:[0-9a-f]{64}$/,
      "an image by digest: <repository>/<image>@sha256:<64 hex digits>",
    ),
    cpu: oneOf(1, 2, 4, 8),
    memoryGib: whole(1, 32),
    timeoutSeconds: whole(60, 86_400),
    parallelPeriods: whole(1, 20),
    landingDays: whole(1, 3650),
    rejectsDays: whole(1, 3650),
  }),
  database: z.optional(
    z.strictObject({
      generation: whole(1, 999),
      tier: text(/^db-[a-z0-9-]+$/, "a machine such as db-custom-2-7680"),
      diskGib: whole(10, 65_536),
      diskLimitGib: whole(10, 65_536),
      highAvailability: z.boolean(),
      backups: whole(1, 365),
    }),
  ),
  transfer: z.optional(
    z.strictObject({
      agentSubjectId: text(/^\d{15,25}$/, "the number of the transfer agent, as text"),
      aws: z.strictObject({
        accountId: text(/^\d{12}$/, "an AWS account's 12 digits, as text"),
        region: text(/^[a-z]{2}(-[a-z]+)+-\d$/, "an AWS region such as eu-central-1"),
      }),
      sources: z.record(
        z.string(),
        z.strictObject({
          bucket: text(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "the name of an S3 bucket"),
          prefix: text(/^([^/]+\/)+$/, "folders that end in /"),
          file: text(/^[^/]+$/, "the name of a file"),
          start: z.enum(["workflow", "arrival"], { error: "must be workflow or arrival" }),
        }),
      ),
    }),
  ),
  ci: z.optional(
    z.strictObject({
      repositoryId: text(/^\d+$/, "the repository's number, as text"),
      ownerId: text(/^\d+$/, "the owner's number, as text"),
      branch: text(/^[A-Za-z0-9._/-]+$/, "the name of a branch"),
    }),
  ),
  alerts: z.strictObject({ email: text(/^[^@\s]+@[^@\s]+\.[a-z]+$/i, "an e-mail address") }),
  budget: z.optional(
    z.strictObject({
      billingAccount: text(
        /^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$/,
        "a billing account: 6 hex digits three times",
      ),
      amount: whole(1, 10_000_000),
      currency: text(/^[A-Z]{3}$/, "a currency such as USD"),
    }),
  ),
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
