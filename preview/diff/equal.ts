import { isArray, isObject, type Json, type JsonObject, ownMember, WrittenNumber } from "../json";

/** Whether two values have the same meaning. Null, an empty text, an empty list and an empty object are equal. */
export function equal(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true;
  if (typeof one === "object" && one !== null && typeof other === "object" && other !== null)
    return sameParts(one, other);
  if (isEmpty(one)) return isEmpty(other);
  return isNumber(one) && isNumber(other) && digits(one) === digits(other);
}

/** Whether a value is unset, which providers write as null, "", [] or {}. */
export function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (typeof value !== "object") return false;
  if (isArray(value)) return value.length === 0;
  return isObject(value) && !hasMembers(value);
}

type Whole = Exclude<Json, null | boolean | number | string>;

function sameParts(one: Whole, other: Whole): boolean {
  if (isArray(one)) {
    if (!isArray(other)) return one.length === 0 && isEmpty(other);
    if (one.length !== other.length) return false;
    for (let at = 0; at < one.length; at += 1) if (!equal(one[at], other[at])) return false;
    return true;
  }
  if (!isObject(one)) return isNumber(other) && one.digits === digits(other);
  if (!isObject(other)) return isEmpty(one) && isEmpty(other);
  // Labels and variables can be named like members of every object, such as `constructor`.
  for (const key in one) if (!equal(one[key], ownMember(other, key))) return false;
  for (const key in other) if (!Object.hasOwn(one, key) && !isEmpty(other[key])) return false;
  return true;
}

function hasMembers(value: JsonObject): boolean {
  for (const key in value) if (key in value) return true;
  return false;
}

function isNumber(value: Json | undefined): value is number | WrittenNumber {
  return typeof value === "number" || value instanceof WrittenNumber;
}

function digits(value: number | WrittenNumber): string {
  return value instanceof WrittenNumber ? value.digits : String(value);
}
