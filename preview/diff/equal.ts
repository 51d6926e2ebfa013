import { isArray, isObject, type Json, WrittenNumber } from "../json";

/** Whether two values say the same. Nothing, an empty text, an empty list and an empty object do. */
export function equal(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true;
  if (isEmpty(one) || isEmpty(other)) return isEmpty(one) && isEmpty(other);
  if (one instanceof WrittenNumber || other instanceof WrittenNumber)
    return isNumber(one) && isNumber(other) && digits(one) === digits(other);
  if (isArray(one))
    return isArray(other) && one.length === other.length && one.every((item, at) => equal(item, other[at]));
  if (!isObject(one) || !isObject(other)) return false;
  for (const key in one) if (!equal(one[key], other[key])) return false;
  for (const key in other) if (!(key in one) && !isEmpty(other[key])) return false;
  return true;
}

/** Providers write what is not set as null, "", [] or {}. */
export function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === "") return true;
  return isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

function isNumber(value: Json | undefined): value is number | WrittenNumber {
  return typeof value === "number" || value instanceof WrittenNumber;
}

function digits(value: number | WrittenNumber): string {
  return value instanceof WrittenNumber ? value.digits : String(value);
}
