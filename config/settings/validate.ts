import * as z from "zod/mini";
import { ConfigurationError } from "../../errors/faults";
import { issueText } from "../../errors/issues";
import { addressRange, overlapping } from "./address-range";
import type { Environment } from "./environment";
import { existingResources } from "./existing";

/**
 * Returns the environment with this name after validating its values.
 *
 * @throws ConfigurationError listing the available environments if it does not exist, or all faults of its values
 */
export function environmentNamed(name: string, environments: readonly Environment[]): Environment {
  const environment = environments.find((candidate) => candidate.name === name);
  if (environment === undefined) {
    const known = environments.map((candidate) => candidate.name).join(", ");
    throw new ConfigurationError("PLATFORM_ENV", [
      `"${name}": environment does not exist; available environments: ${known}. To add one, create a file in config/`,
    ]);
  }
  const parsed = shape.safeParse(environment);
  if (!parsed.success) {
    throw new ConfigurationError(
      `config/${name}.ts`,
      parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issueText(issue, environment, shape)}`),
    );
  }
  return environment;
}

const text = (pattern: RegExp, form: string) =>
  z.string().check(z.regex(pattern, { error: `must be ${form}` }));
const integer = (low: number, high: number) => {
  const error = `must be an integer from ${low} to ${high}`;
  return z.int({ error }).check(z.gte(low, { error }), z.lte(high, { error }));
};
const oneOf = (...values: number[]) =>
  z
    .number()
    .check(z.refine((value) => values.includes(value), { error: `must be one of ${values.join(", ")}` }));

const labelText = text(/^[a-z0-9_-]{0,63}$/, "at most 63 lowercase letters, digits, - and _");
// No hyphens: cdktf converts them to underscores in a provider's default labels.
const labelKey = text(
  /^[a-z][a-z0-9_]{0,62}$/,
  "at most 63 lowercase letters, digits and _, starting with a letter",
);

/** Private addresses only: 10/8, 172.16/12, 192.168/16. */
const privateRange = /^(10\.\d+|172\.(1[6-9]|2\d|3[01])|192\.168)\.\d+\.\d+\/(1[6-9]|2\d)$/;
const range = (smallest: 24 | 26, why: string) =>
  z.string().check(
    z.refine(
      (value) =>
        privateRange.test(value) &&
        addressRange(value) !== undefined &&
        Number(value.split("/")[1]) <= smallest,
      {
        error:
          `must be a private CIDR range from /16 to /${smallest} that starts at its network address, such as ` +
          `10.10.0.0/24: ${why}`,
      },
    ),
  );

const image = text(
  /^[a-z0-9./_:-]+@sha256:[0-9a-f]{64}$/,
  "an image with a digest: <repository>/<image>@sha256:<64 hex digits>",
);

const taskSize = {
  cpu: oneOf(1, 2, 4, 8),
  memoryGib: integer(1, 32),
  timeoutSeconds: integer(60, 86_400),
};

const email = text(/^[^@\s:]+@[^@\s]+\.[a-z]+$/i, "an email address");
const groups = z.optional(z.array(email));
const serviceAccount = text(
  /^[a-z][a-z0-9-]+@[a-z0-9.-]+\.gserviceaccount\.com$/,
  "the email address of a service account",
);

const shape = z
  .strictObject({
    name: text(/^[a-z][a-z0-9]{0,7}$/, "at most 8 lowercase letters and digits, starting with a letter"),
    project: z.strictObject({
      id: text(
        /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
        "a project ID: 6 to 30 lowercase letters, digits and hyphens",
      ),
      number: text(/^[1-9][0-9]{5,18}$/, "a project number, as a string"),
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
    network: z.optional(
      z
        .strictObject({
          subnetRange: range(26, "Cloud Run reserves addresses in blocks of 16"),
          servicesRange: range(24, "Cloud SQL takes a /24 of it in each region"),
        })
        .check(
          z.refine(({ subnetRange, servicesRange }) => !overlapping(subnetRange, servicesRange), {
            path: ["servicesRange"],
            error: "must not overlap with subnetRange",
          }),
        ),
    ),
    namePattern: z.optional(
      text(
        /^([a-z][a-z0-9-]*-)?\{environment\}-([a-z0-9-]+-)?\{purpose\}(-[a-z0-9-]*[a-z0-9])?$/,
        "a pattern such as acme-{environment}-{purpose}, of lowercase letters, digits and hyphens",
      ),
    ),
    existing: z.optional(existingResources),
    ingestion: z.strictObject({
      image,
      ...taskSize,
      sizes: z.optional(
        z.record(
          text(/^[a-z][a-z0-9]{0,15}$/, "at most 16 lowercase letters and digits, starting with a letter"),
          z.strictObject(taskSize),
        ),
      ),
      proxy: z.optional(
        z.strictObject({
          url: text(/^https?:\/\/[^\s/@]+\/?$/, "a URL such as http://10.10.0.5:3128, without credentials"),
          exceptions: z.optional(z.array(text(/^[^\s,]+$/, "a host or a suffix such as .example.com"))),
        }),
      ),
      parallelPeriods: integer(1, 100),
      landingDays: integer(1, 3650),
      rejectsDays: integer(1, 3650),
    }),
    orchestrator: z.optional(z.enum(["workflows", "composer"], { error: "must be workflows or composer" })),
    composer: z.optional(
      z.strictObject({
        airflowVersion: z.optional(text(/^3\.\d+\.\d+$/, "a version of Airflow 3 such as 3.1.7")),
        maxWorkers: z.optional(integer(1, 100)),
        catchUp: z.optional(z.boolean()),
      }),
    ),
    transformation: z.optional(
      z.strictObject({
        image,
        ...taskSize,
        rebuild: z.optional(
          z.strictObject({
            cron: text(/^\S+( +\S+){4}$/, "five fields: minute hour day-of-month month day-of-week"),
            timeZone: text(/^[A-Za-z_]+(\/[A-Za-z0-9_+-]+)*$/, "a time zone such as America/New_York"),
          }),
        ),
        artifactDays: integer(1, 3650),
      }),
    ),
    spark: z.optional(
      z.strictObject({
        maxExecutors: integer(2, 2000),
        timeoutSeconds: integer(600, 86_400),
        outputDays: integer(1, 3650),
      }),
    ),
    streaming: z.optional(
      z
        .strictObject({
          vcpus: integer(3, 1000),
          memoryGib: integer(3, 8000),
          retentionDays: integer(1, 3650),
          producers: z.array(serviceAccount),
          consumers: z.array(serviceAccount),
        })
        .check(
          z.refine(({ vcpus, memoryGib }) => memoryGib >= vcpus && memoryGib <= 8 * vcpus, {
            path: ["memoryGib"],
            error: "must be 1 to 8 GiB for each virtual CPU",
          }),
        ),
    ),
    database: z.optional(
      z.strictObject({
        generation: integer(1, 999),
        tier: text(/^db-[a-z0-9-]+$/, "a machine type such as db-custom-2-7680"),
        diskGib: integer(10, 65_536),
        diskLimitGib: integer(10, 65_536),
        highAvailability: z.boolean(),
        backups: integer(1, 365),
        exportDays: z.optional(integer(7, 3650)),
      }),
    ),
    transfer: z.optional(
      z.strictObject({
        agentSubjectId: text(/^\d{15,25}$/, "the subject ID of the transfer service agent, as a string"),
        aws: z.strictObject({
          accountId: text(/^\d{12}$/, "a 12-digit AWS account ID, as a string"),
          region: text(/^[a-z]{2}(-[a-z]+)+-\d$/, "an AWS region such as eu-central-1"),
        }),
        sources: z.record(
          z.string(),
          z.strictObject({
            bucket: text(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "a valid S3 bucket name"),
            prefix: text(/^([^/]+\/)+$/, "a prefix that ends with /"),
            file: text(/^[^/]+$/, "a file name without /"),
            start: z.enum(["workflow", "arrival"], { error: "must be workflow or arrival" }),
          }),
        ),
      }),
    ),
    audit: z.optional(
      z.strictObject({
        retentionDays: z.optional(integer(1, 3650)),
        usageLogs: z.optional(z.boolean()),
      }),
    ),
    policyTags: z.optional(
      z.record(
        text(/^[a-z][a-z0-9_]{0,62}$/, "at most 63 lowercase letters, digits and _, starting with a letter"),
        text(
          /^projects\/[^/]+\/locations\/[^/]+\/taxonomies\/[^/]+\/policyTags\/[^/]+$/,
          "projects/<project>/locations/<region>/taxonomies/<id>/policyTags/<id>",
        ),
      ),
    ),
    readers: z.optional(z.strictObject({ core: groups, raw: groups })),
    ci: z.optional(
      z.strictObject({
        repositoryId: text(/^\d+$/, "the numeric ID of the repository, as a string"),
        ownerId: text(/^\d+$/, "the numeric ID of the repository's owner, as a string"),
        branch: text(/^[A-Za-z0-9._/-]+$/, "a valid branch name"),
        environment: text(/^[A-Za-z0-9_-]{1,255}$/, "letters, digits, hyphens and underscores"),
      }),
    ),
    imageCleanup: z.optional(z.enum(["delete", "log"], { error: "must be delete or log" })),
    alerts: z.strictObject({ email }),
    budget: z.optional(
      z.strictObject({
        billingAccount: text(
          /^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$/,
          "a billing account ID in the format 012345-6789AB-CDEF01",
        ),
        amount: integer(1, 10_000_000),
        currency: text(/^[A-Z]{3}$/, "a currency code such as USD"),
      }),
    ),
  })
  .check(
    z.refine(({ network, existing }) => (network === undefined) !== (existing?.network === undefined), {
      path: ["network"],
      error: "must be set, unless existing.network is: exactly one of the two",
    }),
    z.refine(({ orchestrator, composer }) => composer === undefined || orchestrator === "composer", {
      path: ["composer"],
      error: 'has no effect; set orchestrator: "composer", or remove it',
    }),
    z.refine(({ orchestrator, spark }) => spark === undefined || orchestrator !== "composer", {
      path: ["spark"],
      error: "must not be set with orchestrator composer, whose DAGs start no Spark batches",
    }),
  );
