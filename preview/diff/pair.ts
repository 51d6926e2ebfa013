import { isObject, type Json, type JsonObject, textOf } from "../json";
import { equal } from "./equal";

/** A pair of elements from both lists; undefined if a list does not have the element. */
export interface Pair {
  /** Name in a path, such as `LOG_LEVEL`, or position. Empty for a single element. */
  readonly label: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** Pairs the elements of two lists: by name, by equality, and the remaining ones by position. */
export function pairs(before: readonly Json[], after: readonly Json[]): Pair[] {
  if (before.length <= 1 && after.length <= 1 && !isNamed(before, after))
    return [{ label: "", before: before[0], after: after[0] }];
  const key = commonKey(before, after);
  return key === undefined ? byEquality(before, after) : byKey(before, after, key);
}

function isNamed(before: readonly Json[], after: readonly Json[]): boolean {
  return [...before, ...after].some(
    (item) => isObject(item) && typeof item["name"] === "string" && item["name"] !== "",
  );
}

type Key = (item: JsonObject) => string | undefined;

const keys: readonly Key[] = [
  ...["name", "key", "id", "column", "variable", "path", "role", "rule_id", "priority"].map(
    (attribute): Key =>
      (item) => {
        const value = item[attribute];
        return typeof value === "number" ? String(value) : textOf(value);
      },
  ),
  // A workflow step is an object whose only key is its name.
  (item) => {
    const [only, ...others] = Object.keys(item);
    return others.length === 0 ? only : undefined;
  },
];

/** A key that is unique in both lists; undefined if there is none. */
function commonKey(before: readonly Json[], after: readonly Json[]): Key | undefined {
  return keys.find((key) => [before, after].every((list) => tellsApart(key, list)));
}

function tellsApart(key: Key, list: readonly Json[]): boolean {
  const values = list.map((item) => (isObject(item) ? key(item) : undefined));
  return values.every((value) => value !== undefined && value !== "") && new Set(values).size === list.length;
}

function byKey(before: readonly Json[], after: readonly Json[], key: Key): Pair[] {
  const entries = (list: readonly Json[]) =>
    list.filter(isObject).map((item): [string, JsonObject] => [key(item) ?? "", item]);
  const old = new Map(entries(before));
  const fresh = new Map(entries(after));
  return [...new Set([...old.keys(), ...fresh.keys()])].map((label) => ({
    label,
    before: old.get(label),
    after: fresh.get(label),
  }));
}

function byEquality(before: readonly Json[], after: readonly Json[]): Pair[] {
  const left = [...before];
  const fresh = after.flatMap((item, position) => {
    const at = left.findIndex((other) => equal(other, item));
    if (at === -1) return [{ item, position }];
    left.splice(at, 1);
    return [];
  });
  const scalar = [...left, ...fresh.map(({ item }) => item)].every(
    (item) => typeof item !== "object" || item === null,
  );
  const length = scalar ? 0 : Math.min(left.length, fresh.length);
  return [
    ...left.slice(0, length).map((item, at) => ({
      label: String(fresh[at]?.position ?? at),
      before: item,
      after: fresh[at]?.item,
    })),
    ...left.slice(length).map((item) => ({ label: scalar ? "" : "-", before: item, after: undefined })),
    ...fresh.slice(length).map(({ item, position }) => ({
      label: scalar ? "" : String(position),
      before: undefined,
      after: item,
    })),
  ];
}
