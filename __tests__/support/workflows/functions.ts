import * as z from "zod/mini";
import type { WorkflowValue as Value } from "../../../constructs/workflow-source";
import { raised } from "./errors";
import { asList, asNumber, asText, isList, isMap } from "./values";

/**
 * The functions of Google Workflows that the programs use. Each is documented under its name at
 * https://cloud.google.com/workflows/docs/reference/stdlib/overview.
 */
export type Functions = Readonly<Record<string, (...args: Value[]) => Value>>;

/** @param now the time that `sys.now` returns, in seconds since 1970 */
export function functions(now: () => number): Functions {
  return {
    "sys.now": now,
    // .../stdlib/expression-helpers: converts a string or a double. The page does not say what a leading zero means, so
    // that a program must not depend on it.
    int: (value) => {
      if (typeof value === "number") return Math.trunc(value);
      const text = asText(value);
      if (!/^-?(0|[1-9]\d*)$/.test(text))
        throw raised("ValueError", `${JSON.stringify(text)} is not an integer`);
      return Number(text);
    },
    // .../stdlib/expression-helpers: "int, double, boolean to string"
    string: (value) => {
      if (typeof value === "number" || typeof value === "string" || typeof value === "boolean")
        return String(value);
      throw raised("TypeError", `${JSON.stringify(value)} cannot be converted to a string`);
    },
    // .../stdlib/expression-helpers: the second argument in place of null
    default: (value, other) => value ?? other ?? null,
    // .../stdlib/expression-helpers: items of a list, keys of a map, characters of a string
    len: (value) => {
      if (isList(value)) return value.length;
      if (isMap(value)) return Object.keys(value).length;
      return asText(value).length;
    },
    "math.min": (one, other) => Math.min(asNumber(one), asNumber(other)),
    // .../stdlib/text/substring: an IndexError "if the indices are out of bounds", or the end is before the start
    "text.substring": (text, start, end) => {
      const [source, first, last] = [asText(text), asNumber(start), asNumber(end)];
      if (first < 0 || last < first || last > source.length)
        throw raised("IndexError", `${first} to ${last} of ${source.length} characters`);
      return source.slice(first, last);
    },
    // .../stdlib/text/split: the parts between separators; of an empty text, one empty part
    "text.split": (text, separator) => asText(text).split(asText(separator)),
    "text.replace_all": (text, from, to) => asText(text).replaceAll(asText(from), asText(to)),
    "text.url_encode": (text) => encodeURIComponent(asText(text)),
    // .../stdlib/time/format: ISO 8601, in UTC unless a time zone is given
    "time.format": (seconds, zone = "UTC") => isoIn(asText(zone), asNumber(seconds)),
    // .../stdlib/time/parse: a ValueError for what is not ISO 8601
    "time.parse": (text) => {
      const milliseconds = Date.parse(asText(text));
      if (Number.isNaN(milliseconds)) throw raised("ValueError", `${asText(text)} is not a time`);
      return milliseconds / 1000;
    },
    "list.concat": (list, item) => [...asList(list), item ?? null],
    // .../stdlib/map/get: "if the input is not a map or if the map does not contain the key, returns null"
    "map.get": (map, keys) =>
      [keys ?? null]
        .flat()
        .reduce<Value>((value, key) => (isMap(value) ? (value[asText(key)] ?? null) : null), map ?? null),
    "json.encode_to_string": (value) => JSON.stringify(value ?? null),
    // .../stdlib/json/decode: a ValueError for what is not JSON
    "json.decode": (text) => {
      try {
        return z.json().parse(JSON.parse(asText(text)));
      } catch (error) {
        if (error instanceof SyntaxError) throw raised("ValueError", error.message);
        throw error;
      }
    },
  };
}

/** Local time with its offset: `2026-11-02T06:00:00-05:00`. */
function isoIn(timeZone: string, seconds: number): string {
  const options = { timeZone, hourCycle: "h23", timeZoneName: "longOffset" } as const;
  const numeric = {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  } as const;
  const found = new Intl.DateTimeFormat("en-US", { ...options, ...numeric, second: "2-digit" }).formatToParts(
    new Date(seconds * 1000),
  );
  const part = (type: string) => found.find((candidate) => candidate.type === type)?.value ?? "";
  const offset = part("timeZoneName").replace("GMT", "") || "Z";
  return `${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}:${part("second")}${offset}`;
}
