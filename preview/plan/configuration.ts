import { arrayOf, isArray, isObject, type Json, type JsonObject, objectOf, textOf } from "../json";

/** The parts of a plan's configuration that the preview uses. */
export interface Configuration {
  readonly references: ReadonlyMap<string, readonly string[]>;
  readonly configured: ReadonlyMap<string, JsonObject>;
  readonly sensitiveVariables: ReadonlySet<string>;
}

/** @param known references in the state, for resources that are no longer in the configuration */
export function readConfiguration(
  configuration: JsonObject,
  known: ReadonlyMap<string, readonly string[]>,
): Configuration {
  const references = new Map(known);
  const configured = new Map<string, JsonObject>();
  const root = objectOf(configuration["root_module"]);
  const visit = (module: JsonObject, prefix: string): void => {
    for (const resource of arrayOf(module["resources"]).filter(isObject)) {
      const address = prefix + (textOf(resource["address"]) ?? "");
      const expressions = objectOf(resource["expressions"]);
      configured.set(address, expressions);
      const found = [
        ...referencesIn(expressions),
        ...arrayOf(resource["depends_on"]).flatMap((on) => textOf(on) ?? []),
      ];
      const resources = [...new Set(found.flatMap(resourceIn))].map((name) => prefix + name);
      if (resources.length > 0)
        references.set(
          address,
          resources.filter((name) => name !== address),
        );
    }
    for (const [name, call] of Object.entries(objectOf(module["module_calls"])))
      visit(objectOf(objectOf(call)["module"]), `${prefix}module.${name}.`);
  };
  visit(root, "");
  const sensitiveVariables = Object.entries(objectOf(root["variables"])).flatMap(([name, variable]) =>
    objectOf(variable)["sensitive"] === true ? [name] : [],
  );
  return { references, configured, sensitiveVariables: new Set(sensitiveVariables) };
}

function referencesIn(expression: Json | undefined): string[] {
  if (isArray(expression)) return expression.flatMap(referencesIn);
  if (!isObject(expression)) return [];
  return Object.entries(expression).flatMap(([key, member]) =>
    key === "references" ? arrayOf(member).flatMap((one) => textOf(one) ?? []) : referencesIn(member),
  );
}

/** `google_x.y` for `google_x.y.id`; nothing for variables, locals and similar references. */
function resourceIn(reference: string): string[] {
  const [first = "", second, third] = reference.split(/[.[]/);
  if (second === undefined || notResources.has(first)) return [];
  if (first === "data") return third === undefined ? [] : [`data.${second}.${third}`];
  return [`${first}.${second}`];
}

const notResources = new Set(["var", "local", "each", "count", "path", "self", "terraform", "module"]);
