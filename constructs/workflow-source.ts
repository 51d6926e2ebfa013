import { escapeTemplates } from "./escape-templates";

/** A Google Workflows program as data: subworkflows by name, `main` among them. Expressions are `${...}` texts. */
export type WorkflowSource = Readonly<Record<string, Subworkflow>>;

export interface Subworkflow {
  /** Names of its arguments. @default - it takes none */
  readonly params?: readonly string[];
  /** What it does, in order. */
  readonly steps: readonly Step[];
}

/** One named step. */
export type Step = Readonly<Record<string, WorkflowValue>>;

export type WorkflowValue =
  string | number | boolean | null | readonly WorkflowValue[] | { readonly [key: string]: WorkflowValue };

/** The program as Workflows takes it (JSON is one of its two languages), safe for Terraform to hold. */
export function sourceContents(source: WorkflowSource): string {
  return escapeTemplates(JSON.stringify(source));
}
