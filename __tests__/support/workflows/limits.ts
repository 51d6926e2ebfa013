/** Limits of Google Workflows. https://cloud.google.com/workflows/quotas#resource_limits */
export const limits = {
  /** Assignments in one `assign` step. */
  assignments: 50,
  /** Conditions in one `switch` step. */
  conditions: 50,
  /** Characters of one expression. */
  expression: 400,
  /** Bytes of the source code. */
  source: 128 * 1024,
  /** Steps of one execution. A retry is another one. */
  steps: 100_000,
  /** Bytes of all variables of an execution. */
  memory: 512 * 1024,
  /** Subworkflows that call each other. */
  callDepth: 20,
  /** Branches of one parallel step. */
  branches: 10,
  /** Branches and iterations that run at the same time. Others wait. */
  concurrent: 20,
  /** Parallel steps inside each other. */
  parallelDepth: 2,
  /** Seconds of one `sys.sleep`: a year. https://cloud.google.com/workflows/docs/sleeping */
  sleep: 31_536_000,
} as const;
