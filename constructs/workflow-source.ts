import { literal } from "./literal";

/** A Google Workflows program as data: subworkflows by name, `main` among them. Expressions are `${...}` texts. */
export type WorkflowSource = Readonly<Record<string, Subworkflow>>;

export interface Subworkflow {
  readonly params?: readonly string[];
  readonly steps: readonly Step[];
}

/** One named step. */
export type Step = Readonly<Record<string, WorkflowValue>>;

export type WorkflowValue =
  string | number | boolean | null | readonly WorkflowValue[] | { readonly [key: string]: WorkflowValue };

/** The program as Workflows takes it (JSON is one of its two languages), safe for Terraform to hold. */
export function sourceContents(source: WorkflowSource): string {
  return literal(JSON.stringify(source));
}

/** A call of a Google API with the workflow's own account, repeated when the failure is one that passes. */
export function apiCall(
  method: "get" | "post",
  url: string,
  result: string,
  body?: WorkflowValue,
): { readonly [key: string]: WorkflowValue } {
  return {
    try: {
      call: `http.${method}`,
      args: { url, auth: { type: "OAuth2" }, ...(body !== undefined && { body }) },
      result,
    },
    // A call that starts something is repeated only when it has certainly not been heard.
    retry: method === "get" ? "${http.default_retry}" : "${http.default_retry_non_idempotent}",
  };
}

/** A step that leaves for `next` when the condition holds, and else falls through. */
export function goIf(condition: string, next: string): { readonly switch: WorkflowValue } {
  return { switch: [{ condition: `\${${condition}}`, next }] };
}

/** The step `name`, which sets a variable when the condition holds. */
export function setIf(name: string, condition: string, variable: string, value: string): Step {
  const set = { [`${name}_set`]: { assign: [{ [variable]: `\${${value}}` }] } };
  return { [name]: { switch: [{ condition: `\${${condition}}`, steps: [set] }] } };
}
