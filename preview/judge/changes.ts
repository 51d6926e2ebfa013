import { resourceDifference, resourceNoise } from "../diff/resource";
import type { JsonObject } from "../json";
import type { Masks } from "../mask/masks";
import { type PlannedResource, withoutIndex } from "../plan/stack-plan";
import type { Action, Difference, LossClass, ResourceChange } from "../report/changes";
import { cloudName } from "./identity";
import type { Classified } from "./loss/classify";
import { forcedBy } from "./loss/losses";
import type { Places } from "./places";
import { type Row, valuesOf } from "./rows";
import { lookup } from "../lookup";

/** Returns the reported form of a changed row: masked, with its differences, reason and source location. */
export function changeOf(
  row: Row,
  { class: loss }: Classified,
  places: Places,
  masks: Masks,
): ResourceChange {
  return new Change(row, loss, places, masks);
}

/**
 * Computes its differences on access, because a comment on thousands of changes shows none. A class, since accessors and
 * optional properties in thousands of object literals are slow.
 */
class Change implements ResourceChange {
  readonly stack: string;
  readonly address: string;
  readonly deposed?: string;
  readonly type: string;
  readonly action: Action;
  readonly actions: readonly string[];
  readonly previousAddress?: string;
  readonly importId?: string;
  readonly path?: string;
  readonly source: readonly string[];
  readonly name?: string;
  readonly reason?: string;
  readonly forcedBy: readonly string[];
  readonly loss: LossClass;
  readonly noise?: "labels" | "computed";
  readonly #resource: PlannedResource;
  readonly #configured: JsonObject | undefined;
  readonly #masks: Masks;
  #result: Pick<ResourceChange, "differences" | "folded"> | undefined;

  constructor(row: Row, loss: LossClass, places: Places, masks: Masks) {
    const { resource } = row;
    const { path, source } = places.of(row);
    const name = cloudName(resource.type, valuesOf(row));
    this.#resource = resource;
    this.#configured = row.plan.configured.get(withoutIndex(row.address));
    this.#masks = masks;
    this.stack = row.stack;
    this.address = row.address;
    this.deposed = row.deposed;
    this.type = resource.type;
    this.action = row.action ?? "unknown";
    this.actions = resource.actions;
    this.previousAddress = resource.previousAddress;
    this.importId = resource.importId && masks.value(resource.importId);
    this.path = path;
    this.source = source;
    this.name = name && masks.value(name);
    this.forcedBy = forcedBy(row);
    this.reason = reasonOf(row, this.forcedBy);
    this.loss = loss;
    this.noise = resourceNoise(resource, this.#configured);
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
    : (reasons(resource.reason) ?? resource.reason.replaceAll("_", " "));
}

/** Descriptions of Terraform's reasons. Reasons of newer versions are shown unchanged. */
const reasons = lookup<string>({
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
});
