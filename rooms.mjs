/**
 * The rooms of the project and the arrows between them: what the files of each may import from the others. ESLint
 * enforces it, and the picture in docs/architecture.md is compared with it.
 */

/** Whether files of a room may import cdktf, and what a room may import; an arrow that is not here does not exist. */
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
  tour: { knows: ["dataset", "errors", "job"] },
  preview: { knows: [] },
  scripts: { knows: ["app", "catalog", "config", "dataset", "errors", "guardrails", "stacks"], cdktf: true },
  checks: {
    knows: ["app", "catalog", "config", "dataset", "errors", "scripts", "stacks", "tour"],
    cdktf: true,
  },
};

/** The same inside of job/, from the top down: a folder may import those below it. */
export const jobFolders = [
  "commands",
  "steps",
  "report",
  "warehouse",
  "database",
  "lake",
  "engine",
  "source",
  "cloud",
];

/** What the tests of a room may import besides the room, what it knows, and the tests' own support. */
export const testsAlso = {
  constructs: ["scripts", "checks"],
  guardrails: ["catalog", "config", "constructs", "dataset", "scripts", "stacks"],
  workflows: [],
  stacks: ["scripts", "checks", "job"],
  dataset: ["catalog", "config", "job", "scripts", "workflows"],
  catalog: ["scripts"],
  job: ["config", "scripts", "checks", "tour"],
  tour: ["catalog", "scripts"],
  scripts: [],
  checks: ["embedded-postgres", "job"],
};
