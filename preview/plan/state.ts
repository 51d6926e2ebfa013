import { arrayOf, isObject, type JsonObject, objectOf, textOf } from "../json";
import { hasFlags } from "../mask/flags";
import { type FlaggedValue, withoutIndex } from "./stack-plan";

/** Flagged values of outputs and resources in a state or in planned values. Only these contain data sources. */
export function stateValues(values: JsonObject): FlaggedValue[] {
  const outputs = Object.entries(objectOf(values["outputs"])).flatMap(([name, entry]): FlaggedValue[] => {
    const { sensitive, value } = objectOf(entry);
    return sensitive === true && !isCrossStack(name) ? [{ value: value ?? null, sensitive: true }] : [];
  });
  const resources = resourcesOf(values).flatMap(({ values: value, sensitive_values: sensitive }) =>
    hasFlags(sensitive) ? [{ value: value ?? null, sensitive: sensitive ?? false }] : [],
  );
  return [...outputs, ...resources];
}

/** Dependencies of each resource in a state, as addresses without index. */
export function stateDependencies(values: JsonObject): ReadonlyMap<string, readonly string[]> {
  return new Map(
    resourcesOf(values).flatMap((resource) => {
      const on = arrayOf(resource["depends_on"]).flatMap((address) => textOf(address) ?? []);
      return on.length === 0 ? [] : [[withoutIndex(textOf(resource["address"]) ?? ""), on] as const];
    }),
  );
}

/** CDK for Terraform marks every output that another stack reads as sensitive. */
export function isCrossStack(output: string): boolean {
  return output.startsWith("cross-stack-output-");
}

function resourcesOf(values: JsonObject): JsonObject[] {
  const modules = (module: JsonObject): JsonObject[] => [
    ...arrayOf(module["resources"]).filter(isObject),
    ...arrayOf(module["child_modules"]).filter(isObject).flatMap(modules),
  ];
  return modules(objectOf(values["root_module"]));
}
