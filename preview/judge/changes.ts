import { resourceDifference, resourceNoise } from "../diff/resource";
import type { JsonObject } from "../json";
import type { Masks } from "../mask/masks";
import { type PlannedResource, withoutIndex } from "../plan/stack-plan";
import type { Difference, ResourceChange } from "../report";
import { cloudName } from "./identity";
import type { Classified } from "./loss/classify";
import { forcedBy } from "./loss/losses";
import type { Places } from "./places";
import { referenceOf, type Row, valuesOf } from "./rows";

/** Returns the reported form of a changed row: masked, with its differences, reason and source location. */
export function changeOf(
  row: Row,
  { class: loss }: Classified,
  places: Places,
  masks: Masks,
): ResourceChange {
  const { resource } = row;
  const name = cloudName(resource.type, valuesOf(row));
  const forced = forcedBy(row);
  const reason = reasonOf(row, forced);
  const { path, source } = places.of(row);
  const configured = row.plan.configured.get(withoutIndex(row.address));
  const noise = resourceNoise(resource, configured);
  const facts = {
    ...referenceOf(row),
    type: resource.type,
    action: row.action ?? "unknown",
    actions: resource.actions,
    ...(resource.previousAddress !== undefined && { previousAddress: resource.previousAddress }),
    ...(resource.importId !== undefined && { importId: masks.value(resource.importId) }),
    ...(path !== undefined && { path }),
    source,
    ...(name !== undefined && { name: masks.value(name) }),
    ...(reason !== undefined && { reason }),
    forcedBy: forced,
    loss,
    ...(noise !== undefined && { noise }),
  };
  return Object.assign(new LazyDifferences(resource, configured, masks), facts);
}

/**
 * Computes the differences of a resource on access, because a comment on thousands of changes shows none. A class, since
 * accessors in thousands of object literals are slow.
 */
class LazyDifferences {
  readonly #resource: PlannedResource;
  readonly #configured: JsonObject | undefined;
  readonly #masks: Masks;
  #result: Pick<ResourceChange, "differences" | "folded"> | undefined;

  constructor(resource: PlannedResource, configured: JsonObject | undefined, masks: Masks) {
    this.#resource = resource;
    this.#configured = configured;
    this.#masks = masks;
  }

  get differences(): readonly Difference[] {
    return this.result.differences;
  }

  get folded(): number {
    return this.result.folded;
  }

  /** Includes the accessors, which are not properties of the object itself. */
  toJSON(): object {
    return Object.assign({}, this, { differences: this.differences, folded: this.folded });
  }

  private get result() {
    return (this.#result ??= resourceDifference(this.#resource, this.#configured, this.#masks));
  }
}

function reasonOf({ resource, deposed, action }: Row, forced: readonly string[]): string | undefined {
  if (deposed !== undefined)
    return `deposed object ${deposed}, which remains from an interrupted replacement`;
  if (action === "forget") return "removed from the configuration without being destroyed";
  if (forced.length > 0) return `forced by ${forced.join(", ")}`;
  if (resource.actions.includes("forget")) return "the old object is kept, no longer managed";
  return resource.reason === undefined
    ? undefined
    : (reasons[resource.reason] ?? resource.reason.replaceAll("_", " "));
}

/** Descriptions of Terraform's reasons. Reasons of newer versions are shown unchanged. */
const reasons: Readonly<Record<string, string>> = {
  replace_because_cannot_update: "cannot be updated in place",
  replace_because_tainted: "tainted: its creation failed",
  replace_by_request: "requested by -replace",
  replace_by_triggers: "triggered by replace_triggered_by",
  delete_because_no_resource_config: "no longer in the configuration",
  delete_because_no_module: "its module is no longer in the configuration",
  delete_because_wrong_repetition: "count or for_each was added or removed",
  delete_because_count_index: "its index is beyond count",
  delete_because_each_key: "its key is no longer in for_each",
  delete_because_no_move_target: "moved to an address that is not in the configuration",
  read_because_config_unknown: "its configuration is known after apply",
  read_because_dependency_pending: "a dependency changes",
  read_because_check_nested: "a check reads it",
};
