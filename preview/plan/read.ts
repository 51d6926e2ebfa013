import { arrayOf, isArray, isObject, type Json, type JsonObject, objectOf, textOf } from "../json";
import { PreviewInputError } from "../input-error";
import { readConfiguration } from "./configuration";
import { decode, whatToPass } from "./decode";
import { errorsOf, isLog } from "./log";
import { parseJson } from "./parse-json";
import type { FlaggedValue, PlannedCheck, PlannedOutput, PlannedResource, StackPlan } from "./stack-plan";
import { stateDependencies, stateValues } from "./state";

/**
 * Reads a plan, the output of `terraform show -json`.
 *
 * @throws PreviewInputError if it is something else, or an unsupported format
 */
export function readPlan(stack: string, bytes: Uint8Array): StackPlan {
  return planOf(stack, documentOf(decode(bytes)));
}

function documentOf(text: string): JsonObject {
  const document = parsed(text);
  if (!isObject(document)) throw new PreviewInputError(`is not a plan; ${whatToPass}`);
  if ("@level" in document) throw logGiven(text);
  const { format_version: given } = document;
  const version = typeof given === "number" ? String(given) : (textOf(given) ?? "");
  if (!/^[01]?(?:\.|$)/.test(version))
    throw new PreviewInputError(
      `has format_version ${version}, which is not supported; supported are versions before 2`,
    );
  if (!("planned_values" in document || "resource_changes" in document || "errored" in document))
    throw new PreviewInputError(
      "values" in document || "lineage" in document
        ? `is a state, not a plan; ${whatToPass}`
        : `is not a plan; ${whatToPass}`,
    );
  rejectDamaged(document);
  return document;
}

/** A part that was removed or has another type, such as by a filter, must not look like a plan without changes. */
function rejectDamaged(document: JsonObject): void {
  const { planned_values: planned, resource_changes: changes } = document;
  const damaged =
    (changes !== undefined && changes !== null && !isArray(changes)) ||
    !arrayOf(changes).every((entry) => isObject(entry) && isObject(entry["change"])) ||
    (planned !== undefined && planned !== null && !isObject(planned)) ||
    ((changes === undefined || changes === null) && hasResources(objectOf(objectOf(planned)["root_module"])));
  if (damaged)
    throw new PreviewInputError(
      `is not a complete plan: its resource_changes are missing or damaged; ${whatToPass}`,
    );
}

function hasResources(module: JsonObject): boolean {
  return (
    arrayOf(module["resources"]).length > 0 ||
    arrayOf(module["child_modules"]).some((child) => hasResources(objectOf(child)))
  );
}

function parsed(text: string): Json {
  try {
    return parseJson(text);
  } catch {
    if (text.trim() === "") throw new PreviewInputError("is empty");
    if (isLog(text)) throw logGiven(text);
    throw new PreviewInputError(
      /^\s*\{/.test(text)
        ? `is not valid JSON and probably truncated; ${whatToPass}`
        : `is not a plan; ${whatToPass}`,
    );
  }
}

function logGiven(text: string): PreviewInputError {
  const errors = errorsOf(text);
  return new PreviewInputError(
    `is a log of terraform plan -json, not a plan; ${whatToPass}` +
      (errors.length > 0 ? `. The log contains an error: ${errors.join("; ")}` : ""),
  );
}

function planOf(stack: string, document: JsonObject): StackPlan {
  const prior = objectOf(objectOf(document["prior_state"])["values"]);
  const configuration = readConfiguration(objectOf(document["configuration"]), stateDependencies(prior));
  return {
    stack,
    errored: document["errored"] === true,
    complete: document["complete"] !== false && arrayOf(document["deferred_changes"]).length === 0,
    resources: arrayOf(document["resource_changes"]).map(resourceOf),
    drift: arrayOf(document["resource_drift"]).map(resourceOf),
    outputs: Object.entries(objectOf(document["output_changes"])).map(([name, change]) =>
      outputOf(name, change),
    ),
    checks: arrayOf(document["checks"]).flatMap(checksOf),
    references: configuration.references,
    configured: configuration.configured,
    relevant: arrayOf(document["relevant_attributes"]).map(relevantOf),
    invocations: arrayOf(document["action_invocations"]).map(
      (invocation) => textOf(objectOf(invocation)["address"]) ?? "an action",
    ),
    secrets: [
      ...variablesOf(objectOf(document["variables"]), configuration.sensitiveVariables),
      ...stateValues(prior),
      ...stateValues(objectOf(document["planned_values"])),
    ],
  };
}

function resourceOf(entry: Json): PlannedResource {
  const fields = objectOf(entry);
  const change = objectOf(fields["change"]);
  return {
    address: textOf(fields["address"]) ?? "",
    deposed: textOf(fields["deposed"]),
    mode: fields["mode"] === "data" ? "data" : "managed",
    type: textOf(fields["type"]) ?? "",
    previousAddress: textOf(fields["previous_address"]),
    importId: isObject(change["importing"]) ? importIdOf(change["importing"]) : undefined,
    actions: arrayOf(change["actions"]).map(String),
    reason: textOf(fields["action_reason"]),
    replacePaths: arrayOf(change["replace_paths"]).map(arrayOf),
    ...sidesOf(change),
  };
}

function outputOf(name: string, entry: Json | undefined): PlannedOutput {
  // The documentation nests the change; Terraform does not.
  const fields = objectOf(entry);
  const change = isObject(fields["change"]) ? fields["change"] : fields;
  return { name, actions: arrayOf(change["actions"]).map(String), ...sidesOf(change) };
}

function sidesOf(change: JsonObject) {
  return {
    before: change["before"] ?? null,
    after: change["after"] ?? null,
    unknown: change["after_unknown"] ?? false,
    beforeSensitive: change["before_sensitive"] ?? false,
    afterSensitive: change["after_sensitive"] ?? false,
  };
}

/** An import by identity does not have an id. */
function importIdOf(importing: JsonObject): string {
  return textOf(importing["id"]) ?? JSON.stringify(importing["identity"] ?? {});
}

function checksOf(entry: Json): PlannedCheck[] {
  const check = objectOf(entry);
  const address = textOf(objectOf(check["address"])["to_display"]) ?? "a check";
  const { status } = check;
  // The apply decides an unknown check, as for every new resource.
  if (status !== "fail" && status !== "error") return [];
  const problems = arrayOf(check["instances"]).flatMap((instance) =>
    arrayOf(objectOf(instance)["problems"]).map((problem) => textOf(objectOf(problem)["message"]) ?? ""),
  );
  return [{ address, status, problems: problems.filter((problem) => problem !== "") }];
}

function relevantOf(entry: Json): string {
  const { resource, attribute } = objectOf(entry);
  return [textOf(resource), ...arrayOf(attribute).map(String)].join(".");
}

/** The plan does not flag sensitive variables; the configuration does, or the name indicates it. */
function variablesOf(variables: JsonObject, sensitive: ReadonlySet<string>): FlaggedValue[] {
  return Object.entries(variables).map(([name, variable]) => ({
    value: { [name]: objectOf(variable)["value"] },
    sensitive: { [name]: sensitive.has(name) },
  }));
}
