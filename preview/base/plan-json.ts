import * as z from "zod/mini";
import { parseJson } from "../plan/parse-json";

/** The parts of a plan that are required to create a state. */
const resource = z.looseObject({
  address: z.string(),
  mode: z.string(),
  type: z.string(),
  name: z.string(),
  index: z.optional(z.union([z.string(), z.number()])),
  provider_name: z.string(),
  schema_version: z._default(z.number(), 0),
  values: z._default(z.record(z.string(), z.unknown()), {}),
  sensitive_values: z.optional(z.unknown()),
});
export type PlannedResource = z.infer<typeof resource>;

export interface PlannedModule {
  readonly address?: string | undefined;
  readonly resources: readonly PlannedResource[];
  readonly child_modules: readonly PlannedModule[];
}

const moduleSchema: z.ZodMiniType<PlannedModule> = z.looseObject({
  address: z.optional(z.string()),
  resources: z._default(z.array(resource), []),
  child_modules: z._default(z.array(z.lazy(() => moduleSchema)), []),
});

const configured = z.looseObject({
  mode: z.string(),
  type: z.string(),
  name: z.string(),
  address: z.string(),
  provider_config_key: z.optional(z.string()),
  expressions: z._default(z.record(z.string(), z.unknown()), {}),
});

const planJson = z.looseObject({
  terraform_version: z.string(),
  planned_values: z._default(
    z.looseObject({
      outputs: z._default(
        z.record(
          z.string(),
          z.looseObject({
            sensitive: z._default(z.boolean(), false),
            type: z.optional(z.unknown()),
            value: z.optional(z.unknown()),
          }),
        ),
        {},
      ),
      root_module: z._default(moduleSchema, { resources: [], child_modules: [] }),
    }),
    { outputs: {}, root_module: { resources: [], child_modules: [] } },
  ),
  resource_changes: z._default(
    z.array(
      z.looseObject({
        address: z.string(),
        change: z.looseObject({
          after_unknown: z.optional(z.unknown()),
        }),
      }),
    ),
    [],
  ),
  configuration: z._default(
    z.looseObject({
      provider_config: z._default(
        z.record(
          z.string(),
          z.looseObject({ full_name: z.optional(z.string()), alias: z.optional(z.string()) }),
        ),
        {},
      ),
      root_module: z._default(z.looseObject({ resources: z._default(z.array(configured), []) }), {
        resources: [],
      }),
    }),
    { provider_config: {}, root_module: { resources: [] } },
  ),
});
export type PlanJson = z.infer<typeof planJson>;

export function readPlanJson(text: string): PlanJson {
  return planJson.parse(parseJson(text));
}
