import { arrayOf, isObject, type JsonObject, objectOf, textOf } from "../json";
import { hasFlags } from "../mask/flags";
import { type FlaggedValue, withoutIndex } from "./stack-plan";

/** Values with their flags: outputs and resources of a state, or of what is planned. Data sources are nowhere else. */
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

/** Addresses without index that each resource of a state depends on. */
export function stateDependencies(values: JsonObject): ReadonlyMap<string, readonly string[]> {
  return new Map(
    resourcesOf(values).flatMap((resource) => {
      const on = arrayOf(resource["depends_on"]).flatMap((address) => textOf(address) ?? []);
      return on.length === 0 ? [] : [[withoutIndex(textOf(resource["address"]) ?? ""), on] as const];
    }),
  );
}

/** CDK for Terraform marks every output that another stack reads as sensitive, whatever it holds. */
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
