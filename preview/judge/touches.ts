import { isArray, isObject, type Json } from "../json";
import type { Masks } from "../mask/masks";
import type { Touch } from "../report/context";
import type { SynthesizedApp, SynthesizedResource } from "../synth/app";
import { cloudName, lastSegment } from "./identity";
import { keyOf, type Row, valuesOf } from "./rows";
import { lookup } from "../lookup";

/** Unchanged resources of head that contain the name of a changed resource in one of their values. */
export function touchesOf(changed: readonly Row[], head: SynthesizedApp | undefined, masks: Masks): Touch[] {
  if (head === undefined) return [];
  const keys = new Set(changed.map(keyOf));
  const holders = new Map<string, Holder[]>();
  for (const stack of head.stacks)
    for (const resource of stack.resources) {
      if (keys.has(`${stack.name}/${resource.address}`)) continue;
      for (const word of new Set(wordsIn(resource.arguments))) {
        const others = holders.get(word);
        if (others === undefined) holders.set(word, [{ stack: stack.name, resource }]);
        else others.push({ stack: stack.name, resource });
      }
    }
  const found = new Map<string, Touch>();
  const add = (touch: Touch) => {
    const key = `${touch.kind} ${touch.name}`;
    if (!found.has(key)) found.set(key, touch);
  };
  for (const row of changed) {
    const [name, ...others] = distinctiveNames(row);
    if (name === undefined) continue;
    const both = others.map((other) => new Set(holders.get(other)?.map(({ resource }) => resource)));
    for (const { stack, resource } of holders.get(name) ?? []) {
      if (!both.every((those) => those.has(resource))) continue;
      const because = masks.message(`uses ${name}`);
      const kind = kinds(resource.type);
      const itself = cloudName(resource.type, resource.arguments);
      if (kind !== undefined && itself !== undefined) add({ kind, name: masks.value(itself), because });
      if (stack !== row.stack) add({ kind: "stack", name: stack, because });
    }
  }
  return [...found.values()].sort((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind));
}

interface Holder {
  readonly stack: string;
  readonly resource: SynthesizedResource;
}

const order: readonly Touch["kind"][] = ["data-set", "table", "schedule", "alert", "stack"];

const kinds = lookup<Touch["kind"]>({
  google_bigquery_dataset: "table",
  google_bigquery_table: "table",
  google_cloud_run_v2_job: "data-set",
  google_cloud_scheduler_job: "schedule",
  google_storage_transfer_job: "schedule",
  google_monitoring_alert_policy: "alert",
});

/** The words that together identify a row. Common words are not distinctive and return nothing. */
function distinctiveNames(row: Row): string[] {
  const name = cloudName(row.resource.type, valuesOf(row));
  if (name === undefined) return [];
  if (row.resource.type === "google_bigquery_table") return name.split(".").reverse();
  const last = lastSegment(name) ?? name;
  return last.length >= 5 && /[-_.@]/.test(last) ? [last] : [];
}

function wordsIn(value: Json | undefined): string[] {
  if (typeof value === "string") return value.match(/[\w.@-]+/g) ?? [];
  if (isArray(value)) return value.flatMap(wordsIn);
  return isObject(value) ? Object.values(value).flatMap(wordsIn) : [];
}
