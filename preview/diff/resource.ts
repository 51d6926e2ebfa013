import { isArray, isObject, type Json, type JsonObject, objectOf } from "../json";
import { type Flags, flagsAt, flagsOf, hasFlags } from "../mask/flags";
import type { Masks } from "../mask/masks";
import type { PlannedResource } from "../plan/stack-plan";
import type { Difference, ResourceChange } from "../report/changes";
import { Comparison } from "./compare";
import { describe } from "./describe";
import { equal, isEmpty } from "./equal";
import { noiseOf } from "./noise";

/**
 * Returns the differences between the two sides of a resource.
 *
 * @param configured configured attributes; undefined if unknown
 */
export function resourceDifference(
  resource: PlannedResource,
  configured: JsonObject | undefined,
  masks: Masks,
): Pick<ResourceChange, "differences" | "folded"> {
  const { before, after } = resource;
  const flags = flagsOf(resource.beforeSensitive, resource.afterSensitive);
  if (isObject(before) && isObject(after)) return changed(resource, before, after, flags, configured, masks);
  if (isObject(after)) return { differences: created(after, flags, masks), folded: 0 };
  return { differences: [], folded: 0 };
}

/** The set attributes of a new resource. */
function created(after: JsonObject, flags: Flags, masks: Masks): Difference[] {
  return Object.entries(after).flatMap(([name, value]): Difference[] =>
    isEmpty(value) || isEmptyBlock(value) || copies.has(name) || name === "lifecycle"
      ? []
      : [{ path: name, kind: "added", after: describe(value, name, flagsAt(flags, name), masks, 120) }],
  );
}

function changed(
  resource: PlannedResource,
  before: JsonObject,
  after: JsonObject,
  flags: Flags,
  configured: JsonObject | undefined,
  masks: Masks,
): Pick<ResourceChange, "differences" | "folded"> {
  const comparison = new Comparison(masks);
  const unknown = objectOf(resource.unknown);
  const isFolded = foldedIn(resource, configured);
  let folded = 0;
  const labels = labelsOf(before, after);
  for (const name of new Set([...Object.keys(before), ...Object.keys(after), ...Object.keys(unknown)])) {
    const sides = {
      before: before[name],
      after: after[name],
      unknown: unknown[name],
      flags: flagsAt(flags, name),
    };
    if (name === labels) comparison.compare("labels", "labels", sides);
    else if (isFolded(name)) folded += Number(sides.unknown === true || !equal(sides.before, sides.after));
    else comparison.compare(name, name, sides);
  }
  const differences = [
    ...comparison.differences.map((difference) => ({ ...difference, path: plainPath(difference.path) })),
    ...flagsDropped(resource, comparison.differences),
  ].map((difference) =>
    forces(difference.path, resource.replacePaths) ? noted(difference, "forces replacement") : difference,
  );
  return { differences, folded: folded + comparison.folded };
}

/** Whether an attribute is computed by the provider, so that its difference is not shown. */
function foldedIn(resource: PlannedResource, configured: JsonObject | undefined): (name: string) => boolean {
  const unknown = objectOf(resource.unknown);
  const forcing = new Set(resource.replacePaths.map(([first]) => first));
  return (name) =>
    copies.has(name) ||
    computed.has(name) ||
    (unknown[name] === true && !forcing.has(name) && (configured === undefined || !(name in configured)));
}

/** Whether an update changes only labels or computed attributes; undefined if it changes others. */
export function resourceNoise(
  resource: PlannedResource,
  configured: JsonObject | undefined,
): ResourceChange["noise"] {
  const { before, after } = resource;
  if (resource.actions.join() !== "update" || !isObject(before) || !isObject(after)) return undefined;
  const isFolded = foldedIn(resource, configured);
  const unknown = objectOf(resource.unknown);
  const open =
    hasFlags(unknown) && Object.keys(unknown).some((name) => hasFlags(unknown[name]) && !isFolded(name));
  const dropped = flagsDropped(resource, []).length > 0;
  return open || dropped ? undefined : noiseOf(before, after, isFolded);
}

/** Differences for values that are no longer marked as sensitive, without the values. */
function flagsDropped(resource: PlannedResource, found: readonly Difference[]): Difference[] {
  if (!hasFlags(resource.beforeSensitive) || !isObject(resource.beforeSensitive)) return [];
  const after = objectOf(resource.afterSensitive);
  return Object.entries(resource.beforeSensitive).flatMap(([name, shape]): Difference[] =>
    hasFlags(shape) && !hasFlags(after[name]) && !isEmpty(objectOf(resource.after)[name])
      ? [
          {
            path: name,
            kind: "changed",
            note: found.some(({ path }) => path.startsWith(name))
              ? "no longer marked as sensitive"
              : "no longer marked as sensitive, value unchanged",
          },
        ]
      : [],
  );
}

function forces(path: string, replacePaths: readonly (readonly Json[])[]): boolean {
  return replacePaths.some((steps) => {
    const names = steps.filter((step) => typeof step === "string");
    const words = path.split(/[.[\]]+/);
    return names.every((name, at) => words[at] === name);
  });
}

function noted(difference: Difference, note: string): Difference {
  return { ...difference, note: difference.note === undefined ? note : `${difference.note}, ${note}` };
}

/** The attribute with the label differences: the effective labels if the provider adds default labels. */
function labelsOf(before: JsonObject, after: JsonObject): string | undefined {
  return ["labels", "effective_labels", "terraform_labels", "tags", "tags_all"].find(
    (name) => !equal(before[name], after[name]),
  );
}

/** Shortens a path: labels have other names in some resources, and containers are deeply nested in jobs. */
function plainPath(path: string): string {
  return path
    .replace(/^(?:settings\.)?(?:user_labels|resource_labels)\./, "labels.")
    .replace(/^(?:template\.)+(?:spec\.)?containers\.(?=.)/, "");
}

/** Computed copies of other attributes. */
const copies = new Set([
  "labels_all",
  "effective_labels",
  "terraform_labels",
  "tags_all",
  "effective_annotations",
]);

/** Attributes that the cloud computes, and that change independently of the configuration. */
const computed = new Set(
  "etag generation metageneration observed_generation fingerprint metadata_fingerprint create_time creation_time creation_timestamp update_time last_modified_time last_modifier updated uid num_bytes num_long_term_bytes num_rows execution_count latest_created_execution terminal_condition conditions reconciling revision_id revision_create_time generated_schema_columns".split(
    " ",
  ),
);

/** Whether a block has no set attributes. */
function isEmptyBlock(value: Json | undefined): boolean {
  return (
    isArray(value) &&
    value.every((item) => isObject(item) && Object.values(item).every((member) => isEmpty(member)))
  );
}
