import { isArray, isObject, type Json, textOf } from "../json";
import { elements, type Flags, flagsAt } from "../mask/flags";
import { hidden, type Masks } from "../mask/masks";
import { isCarrier, isSecretName, judgedKey } from "../mask/secret-names";
import { columnCount } from "./columns";
import { isEmpty } from "./equal";
import { structureIn } from "./structure";

/** A value in one line, masked and truncated. */
export function describe(
  value: Json | undefined,
  key: string,
  flags: Flags,
  masks: Masks,
  limit = 160,
): string {
  return shortened(written(value, key, flags, masks, limit), limit);
}

export function shortened(text: string, limit = 160): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}

function written(value: Json | undefined, key: string, flags: Flags, masks: Masks, limit: number): string {
  if (flags === true || (isSecretName(key) && typeof value !== "boolean")) return hidden;
  if (typeof value === "string") {
    const structure = isCarrier(key) || masks.hides(value) ? undefined : structureIn(value);
    return structure === undefined || columnCount(value) !== undefined
      ? ofText(value, key, masks)
      : written(structure, key, false, masks, limit);
  }
  if (value === undefined || value === null || typeof value !== "object")
    return masks.value(String(value ?? "null"));
  if (isArray(value)) {
    const inner = flagsAt(flags, elements);
    if (isCarrier(key))
      return namesOnly(value.map((member) => (isObject(member) ? textOf(member["name"]) : undefined)));
    return `[${upTo(limit, value, (member) => written(member, key, inner, masks, limit))}]`;
  }
  if (!isObject(value)) return masks.value(String(value));
  if (isCarrier(key)) return namesOnly(Object.keys(value));
  const members = Object.entries(value).filter(([, member]) => !isEmpty(member));
  return `{${upTo(limit, members, ([name, member]) => `${name}: ${written(member, judgedKey(name, value), flagsAt(flags, name), masks, limit)}`)}}`;
}

function ofText(value: string, key: string, masks: Masks): string {
  const columns = columnCount(value);
  if (columns !== undefined) return `${columns} column${columns === 1 ? "" : "s"}`;
  if (isCarrier(key)) return hidden;
  const lines = value.includes("\n") ? value.split("\n").length : 1;
  return lines > 2 ? `${lines} lines` : masks.value(value);
}

function namesOnly(names: readonly (string | undefined)[]): string {
  return names.flatMap((name) => name ?? []).join(", ");
}

/** Joins only as many items as fit the limit: a value can have thousands of members. */
function upTo<Item>(limit: number, items: readonly Item[], write: (item: Item) => string): string {
  const parts: string[] = [];
  let length = 0;
  for (const item of items) {
    if (length > limit) break;
    const part = write(item);
    parts.push(part);
    length += part.length;
  }
  return parts.join(", ");
}
