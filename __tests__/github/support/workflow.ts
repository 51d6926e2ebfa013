import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import * as z from "zod/mini";

const strings = z.record(z.string(), z.coerce.string());
const step = z.strictObject({
  name: z.optional(z.string()),
  id: z.optional(z.string()),
  if: z.optional(z.string()),
  uses: z.optional(z.string()),
  with: z._default(strings, {}),
  run: z.optional(z.string()),
  env: z._default(strings, {}),
});
export type Step = z.infer<typeof step>;

const needs = z.pipe(
  z.optional(z.union([z.string(), z.array(z.string())])),
  z.transform((names) => [names ?? []].flat()),
);
const job = z.looseObject({
  needs,
  if: z.optional(z.string()),
  permissions: z.optional(strings),
  outputs: z._default(strings, {}),
  env: z._default(strings, {}),
  environment: z.optional(z.string()),
  "timeout-minutes": z.optional(z.number()),
  steps: z.array(step),
});
export type Job = z.infer<typeof job>;

const workflow = z.looseObject({
  name: z.string(),
  on: z.record(z.string(), z.unknown()),
  permissions: z.optional(strings),
  env: z._default(strings, {}),
  jobs: z.record(z.string(), job),
});
export type Workflow = z.infer<typeof workflow>;

export const workflowFolder = join(__dirname, "../../../.github/workflows");

/** @param name of the file, without its ending */
export function readWorkflow(name: string): Workflow {
  return workflow.parse(parse(readFileSync(join(workflowFolder, `${name}.yml`), "utf8")));
}
