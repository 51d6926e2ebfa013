import * as z from "zod/mini";

/**
 * Resources that exist already. The platform uses them and grants access on them, but does not create, change or delete
 * them.
 */
export interface ExistingResources {
  /** Name of the bucket of the lake, in the environment's region. Its own lifecycle rules delete old files. */
  readonly lakeBucket?: string;
  /** Names of BigQuery datasets in the environment's project and region, by layer. */
  readonly datasets?: Partial<Readonly<Record<"core" | "raw" | "staging", string>>>;
  /** Network of the jobs and the database; `network` is left out then. */
  readonly network?: ExistingNetwork;
  /** Email addresses of the service accounts that workloads run as. */
  readonly serviceAccounts?: Partial<
    Readonly<
      Record<"composer" | "export" | "ingest" | "scheduler" | "spark" | "transform" | "workflow", string>
    >
  >;
  /**
   * Full names of the channels that get all alerts, of any kind: `projects/<project>/notificationChannels/<number>`, 1 to 5.
   */
  readonly notificationChannels?: readonly string[];
}

/**
 * A VPC network, also of another project (shared VPC). With a `database`, it has private services access. The Cloud Run
 * service agent of the environment's project needs `roles/compute.networkUser` on the subnet.
 */
export interface ExistingNetwork {
  /** `projects/<project>/global/networks/<name>` */
  readonly network: string;
  /** `projects/<project>/regions/<region>/subnetworks/<name>`, a /26 or larger. */
  readonly subnet: string;
}

const text = (pattern: RegExp, form: string) =>
  z.string().check(z.regex(pattern, { error: `must be ${form}` }));
const dataset = z.optional(text(/^[A-Za-z0-9_]{1,1024}$/, "the name of a dataset"));
const account = z.optional(
  text(/^[a-z][a-z0-9-]+@[a-z0-9.-]+\.iam\.gserviceaccount\.com$/, "the email address of a service account"),
);

/** The form of `existing`. */
export const existingResources = z.strictObject({
  lakeBucket: z.optional(text(/^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/, "the name of a bucket")),
  datasets: z.optional(z.strictObject({ core: dataset, raw: dataset, staging: dataset })),
  network: z.optional(
    z.strictObject({
      network: text(
        /^projects\/[^/]+\/global\/networks\/[^/]+$/,
        "projects/<project>/global/networks/<name>",
      ),
      subnet: text(
        /^projects\/[^/]+\/regions\/[^/]+\/subnetworks\/[^/]+$/,
        "projects/<project>/regions/<region>/subnetworks/<name>",
      ),
    }),
  ),
  serviceAccounts: z.optional(
    z.strictObject({
      composer: account,
      export: account,
      ingest: account,
      scheduler: account,
      spark: account,
      transform: account,
      workflow: account,
    }),
  ),
  // A budget takes five channels.
  notificationChannels: z.optional(
    z
      .array(
        text(
          /^projects\/[^/]+\/notificationChannels\/\d+$/,
          "projects/<project>/notificationChannels/<number>",
        ),
      )
      .check(z.minLength(1), z.maxLength(5)),
  ),
});
