import { previewReport } from "../../../preview/preview";
import type { PreviewInput } from "../../../preview/input";
import type { Json, JsonObject } from "../../../preview/json";
import type { Report } from "../../../preview/report";

/** A resource of a plan. */
export interface Entry {
  readonly address: string;
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
  /** @default - derived from both sides */
  readonly actions?: readonly string[];
  readonly forcedBy?: readonly string[];
  readonly unknown?: Json;
  readonly sensitive?: Json;
  readonly previous?: string;
  readonly deposed?: string;
  readonly reason?: string;
  readonly importing?: string;
}

export function create(address: string, after: JsonObject, more: Partial<Entry> = {}): Entry {
  return { address, before: null, after, ...more };
}

export function update(
  address: string,
  before: JsonObject,
  change: JsonObject,
  more: Partial<Entry> = {},
): Entry {
  return { address, before, after: { ...before, ...change }, ...more };
}

export function replace(
  address: string,
  before: JsonObject,
  change: JsonObject,
  more: Partial<Entry> = {},
): Entry {
  return update(address, before, change, {
    actions: ["delete", "create"],
    forcedBy: Object.keys(change),
    ...more,
  });
}

export function remove(address: string, before: JsonObject, more: Partial<Entry> = {}): Entry {
  return { address, before, after: null, ...more };
}

export function keep(address: string, values: JsonObject, more: Partial<Entry> = {}): Entry {
  return { address, before: values, after: values, actions: ["no-op"], ...more };
}

/** The output of `terraform show -json` for these resources. */
export function planJson(entries: readonly Entry[], more: JsonObject = {}): Uint8Array {
  return Buffer.from(
    JSON.stringify({
      format_version: "1.2",
      terraform_version: "1.11.4",
      planned_values: { root_module: {} },
      resource_changes: entries.map(resourceChange),
      timestamp: "2026-01-01T00:00:00Z",
      applyable: true,
      complete: true,
      errored: false,
      ...more,
    }),
  );
}

/** The report for the resources of one stack. */
export function reportOf(
  entries: readonly Entry[],
  more: Partial<PreviewInput> = {},
  document: JsonObject = {},
): Report {
  return previewReport({
    plans: [{ stack: "prod-lake", content: planJson(entries, document) }],
    truth: "state",
    ...more,
  });
}

function resourceChange(entry: Entry): JsonObject {
  const { address, before, after, forcedBy = [], unknown = {}, sensitive = {} } = entry;
  const actions = entry.actions ?? (before === null ? ["create"] : after === null ? ["delete"] : ["update"]);
  const type = address.split(".").at(-2) ?? "";
  return {
    address,
    mode: "managed",
    type,
    name: address.split(".").at(-1) ?? "",
    ...(entry.previous !== undefined && { previous_address: entry.previous }),
    ...(entry.deposed !== undefined && { deposed: entry.deposed }),
    ...(entry.reason !== undefined && { action_reason: entry.reason }),
    change: {
      actions,
      before,
      after,
      after_unknown: unknown,
      before_sensitive: before === null ? false : sensitive,
      after_sensitive: after === null ? false : sensitive,
      ...(forcedBy.length > 0 && { replace_paths: forcedBy.map((path) => [path]) }),
      ...(entry.importing !== undefined && { importing: { id: entry.importing } }),
    },
  };
}
