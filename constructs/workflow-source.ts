import { escapeTemplates } from "./escape-templates";

/**
 * A program of Google Workflows as data: subworkflows by name, one of which is `main`. Expressions are texts of the
 * form `${...}`.
 */
export type WorkflowSource = Readonly<Record<string, Subworkflow>>;

/** A subworkflow: its parameters and its steps. */
export interface Subworkflow {
  /** Names of its parameters. @default - none */
  readonly params?: readonly string[];
  /** What it does, in order. */
  readonly steps: readonly Step[];
}

/** One named step. */
export type Step = Readonly<Record<string, WorkflowValue>>;

/** Any JSON value. */
export type WorkflowValue =
  string | number | boolean | null | readonly WorkflowValue[] | { readonly [key: string]: WorkflowValue };

/** The program as JSON, one of the two languages of Workflows, with its expressions escaped for Terraform. */
export function sourceContents(source: WorkflowSource): string {
  return escapeTemplates(JSON.stringify(source));
}
