import { createHash } from "node:crypto";
import type { Environment } from "../config";

/**
 * The names of everything the platform makes: (environment, purpose) -> name, with no look-up and no reference.
 * Any stack can name a thing of any other, so that each stack plans alone on an empty project.
 */
export class Names {
  constructor(private readonly environment: Pick<Environment, "name" | "project">) {}

  /** `<project>-dev-lake`: bucket names are shared by the whole world, so the project's id leads. */
  bucket(purpose: string): string {
    return this.nameOf("bucket", [this.environment.project.id, this.environment.name, purpose]);
  }

  /** `dev_raw`, a BigQuery dataset. */
  dataset(purpose: string): string {
    return this.nameOf("dataset", [this.environment.name, purpose]);
  }

  /** `dev-ingest`, the part of a service account before the @. */
  serviceAccount(purpose: string): string {
    return this.nameOf("service account", [this.environment.name, purpose]);
  }

  /** `dev-ingest@<project>.iam.gserviceaccount.com` */
  serviceAccountEmail(purpose: string): string {
    return `${this.serviceAccount(purpose)}@${this.environment.project.id}.iam.gserviceaccount.com`;
  }

  /** `dev-ingest-yellow-tripdata`, a Cloud Run job. */
  job(purpose: string): string {
    return this.nameOf("job", [this.environment.name, purpose]);
  }

  /** `dev-yellow-tripdata`, a Cloud Scheduler job. */
  schedule(purpose: string): string {
    return this.nameOf("schedule", [this.environment.name, purpose]);
  }

  private nameOf(kind: Kind, parts: readonly string[]): string {
    const { separator, longest } = rules[kind];
    return checked(kind, shortened(parts.join(separator).replaceAll(/[-_]/g, separator), separator, longest));
  }
}

/** A name is none that Google Cloud would take. */
export class NameError extends Error {
  override readonly name = "NameError";
}

interface Rule {
  /** Between words; the other of - and _ is replaced by it. */
  readonly separator: "-" | "_";
  readonly longest: number;
  readonly form: RegExp;
  /** The form in words, for the message. */
  readonly words: string;
}

type Kind = "bucket" | "dataset" | "service account" | "job" | "schedule";

const dashed = "lower-case letters, digits and dashes, starting with a letter and not ending with a dash";
const dashedForm = (shortest: number, longest: number) =>
  new RegExp(`^[a-z][a-z0-9-]{${shortest - 2},${longest - 2}}[a-z0-9]$`);

/** What each service accepts, after its reference. */
const rules: Record<Kind, Rule> = {
  bucket: { separator: "-", longest: 63, form: dashedForm(3, 63), words: `3 to 63 ${dashed}` },
  dataset: {
    separator: "_",
    longest: 1024,
    form: /^[a-z][a-z0-9_]{0,1022}[a-z0-9]$/,
    words: "2 to 1024 lower-case letters, digits and underscores, not starting or ending with an underscore",
  },
  "service account": { separator: "-", longest: 30, form: dashedForm(6, 30), words: `6 to 30 ${dashed}` },
  job: { separator: "-", longest: 49, form: dashedForm(2, 49), words: `2 to 49 ${dashed}` },
  schedule: { separator: "-", longest: 500, form: dashedForm(2, 500), words: `2 to 500 ${dashed}` },
};

const hashLength = 6;

/** A name that is too long keeps its start and ends with a hash of the whole, so that no two become one. */
function shortened(name: string, separator: string, longest: number): string {
  if (name.length <= longest) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, hashLength);
  const start = name.slice(0, longest - hashLength - 1).replace(/[-_]+$/, "");
  return `${start}${separator}${hash}`;
}

function checked(kind: Kind, name: string): string {
  const { form, words } = rules[kind];
  if (form.test(name)) return name;
  throw new NameError(`"${name}" is no name for a ${kind}: it must be ${words}`);
}
