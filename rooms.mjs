/**
 * The rooms of the project and the permitted imports between them. ESLint enforces them, and a test compares them with
 * the diagram in docs/architecture.md.
 */

/** `knows`: the rooms that a room may import. `cdktf`: whether it may import cdktf. All other imports are forbidden. */
export const rooms = {
  errors: { knows: [] },
  dataset: { knows: ["errors"] },
  catalog: { knows: ["dataset", "errors"] },
  config: { knows: ["errors"] },
  constructs: { knows: [], cdktf: true },
  guardrails: { knows: [], cdktf: true },
  workflows: { knows: ["constructs", "dataset"] },
  stacks: {
    knows: ["catalog", "config", "constructs", "dataset", "errors", "guardrails", "workflows"],
    cdktf: true,
  },
  "embedded-postgres": { knows: ["errors"] },
  job: { knows: ["catalog", "dataset", "embedded-postgres", "errors"] },
  programs: { knows: [] },
  transform: { knows: ["catalog", "dataset", "errors", "job", "programs"] },
  spark: { knows: ["catalog", "dataset", "errors", "job", "programs"] },
  streaming: { knows: ["dataset", "errors", "job", "programs", "spark", "tour"] },
  airflow: { knows: ["catalog", "dataset", "errors", "job", "programs"] },
  tour: { knows: ["dataset", "errors", "job", "preview", "programs", "transform"] },
  terraform: { knows: [] },
  preview: { knows: ["terraform"] },
  deploy: { knows: ["preview", "terraform"] },
  scripts: {
    knows: [
      ...["app", "catalog", "config", "dataset", "errors", "guardrails", "programs"],
      ...["stacks", "transform"],
    ],
    cdktf: true,
  },
  checks: {
    knows: [
      ...["airflow", "app", "catalog", "config", "dataset", "embedded-postgres", "errors"],
      ...["guardrails", "job", "preview", "programs", "scripts", "spark", "stacks", "streaming"],
      ...["terraform", "tour", "transform"],
    ],
    cdktf: true,
  },
};

/** Folders of job/, from top to bottom: a folder may import the folders below it. */
export const jobFolders = [
  "commands",
  "draft",
  "steps",
  "report",
  "warehouse",
  "database",
  "lake",
  "fingerprint",
  "engine",
  "source",
  "schema",
  "cloud",
];

/** Rooms that the tests of a room may import in addition to the room, the rooms it may import, and test support. */
export const testsAlso = {
  preview: ["catalog", "config", "scripts"],
  deploy: ["scripts"],
  terraform: ["preview"],
  config: ["scripts"],
  constructs: ["scripts", "checks"],
  guardrails: ["catalog", "config", "constructs", "dataset", "scripts", "stacks"],
  workflows: [],
  stacks: ["scripts", "checks", "job"],
  dataset: ["catalog", "config", "job", "scripts", "workflows"],
  catalog: ["scripts"],
  job: ["config", "scripts", "checks", "programs", "tour"],
  tour: ["catalog", "scripts"],
  transform: ["config", "scripts", "checks"],
  spark: ["transform"],
  airflow: ["constructs", "transform", "workflows"],
  scripts: [],
  checks: ["embedded-postgres", "job"],
};
