import type { Step, WorkflowValue } from "../constructs/workflow-source";
import { type Looks, pipelineRules } from "../dataset";

/** A request to a Google API with the account of the workflow, retried after a transient error. */
export function apiCall(
  method: "get" | "post",
  url: string,
  result: string,
  { body, headers }: { readonly body?: WorkflowValue; readonly headers?: WorkflowValue } = {},
): { readonly [key: string]: WorkflowValue } {
  return {
    try: {
      call: `http.${method}`,
      args: {
        url,
        auth: { type: "OAuth2" },
        ...(headers !== undefined && { headers }),
        ...(body !== undefined && { body }),
      },
      result,
    },
    // A request that starts something is retried only when it certainly had no effect.
    retry: method === "get" ? patiently : "${http.default_retry_non_idempotent}",
  };
}

const { get } = pipelineRules;

const patiently = {
  predicate: "${http.default_retry_predicate}",
  max_retries: get.retries,
  backoff: { initial_delay: get.first, max_delay: get.longest, multiplier: get.factor },
};

/**
 * Steps that poll a resource, as the variable `seen`, until the condition is true. Each pause is twice as long as the one
 * before, up to the longest: an execution can run 100,000 steps, and polling every few seconds would use them up.
 */
export function lookUntil(over: string, url: string, seconds: Looks): readonly Step[] {
  return [
    { look_soon: { assign: [{ pause: seconds.first }] } },
    { wait: { call: "sys.sleep", args: { seconds: "${pause}" } } },
    { look: apiCall("get", url, "seen") },
    { look_later: { assign: [{ pause: `\${math.min(pause * 2, ${seconds.longest})}` }] } },
    { running: goIf(`not(${over})`, "wait") },
  ];
}

/** A step that jumps to `next` when the condition is true, and continues otherwise. */
export function goIf(condition: string, next: string): { readonly switch: WorkflowValue } {
  return { switch: [{ condition: `\${${condition}}`, next }] };
}

/** The step `name`, which assigns a variable when the condition is true. */
export function setIf(name: string, condition: string, variable: string, value: string): Step {
  const set = { [`${name}_set`]: { assign: [{ [variable]: `\${${value}}` }] } };
  return { [name]: { switch: [{ condition: `\${${condition}}`, steps: [set] }] } };
}
