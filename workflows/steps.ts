import type { Step, WorkflowValue } from "../constructs/workflow-source";

/** Building blocks of the programs in this folder. */

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
    retry: method === "get" ? patiently : "${http.default_retry_non_idempotent}",
  };
}

/** Three minutes in all: the default gives up after eight seconds, and with it hours of work that go on well. */
const patiently = {
  predicate: "${http.default_retry_predicate}",
  max_retries: 8,
  backoff: { initial_delay: 1, max_delay: 60, multiplier: 2 },
};

/**
 * Steps that look at a resource, as the variable `seen`, until the condition holds. Each pause is twice the one
 * before: an execution may run 100,000 steps, and looking every few seconds would use them up.
 */
export function lookUntil(
  over: string,
  url: string,
  seconds: { readonly first: number; readonly longest: number },
): readonly Step[] {
  return [
    { look_soon: { assign: [{ pause: seconds.first }] } },
    { wait: { call: "sys.sleep", args: { seconds: "${pause}" } } },
    { look: apiCall("get", url, "seen") },
    { look_later: { assign: [{ pause: `\${math.min(pause * 2, ${seconds.longest})}` }] } },
    { running: goIf(`not(${over})`, "wait") },
  ];
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
