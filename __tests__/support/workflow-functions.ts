import * as z from "zod/mini";
import type { WorkflowValue as Value } from "../../constructs/workflow-source";

/** The functions of Google Workflows that this project's programs use, as its reference describes them. */
export type Functions = Readonly<Record<string, (...args: Value[]) => Value>>;

/** @param now the moment that `sys.now` tells, in seconds since 1970 */
export function functions(now: () => number): Functions {
  return {
    "sys.now": now,
    int: (value) => {
      const number = typeof value === "string" ? Number.parseInt(value, 10) : Math.trunc(Number(value));
      if (Number.isNaN(number)) throw new Error(`ValueError: ${JSON.stringify(value)} is no number`);
      return number;
    },
    string: (value) => {
      if (typeof value !== "number" && typeof value !== "string")
        throw new Error("TypeError: string of a map or null");
      return String(value);
    },
    default: (value, other) => value ?? other ?? null,
    len: (value) => {
      if (isList(value)) return value.length;
      if (isMap(value)) return Object.keys(value).length;
      return asText(value).length;
    },
    "math.min": (one, other) => Math.min(Number(one), Number(other)),
    "text.substring": (text, start, end) => asText(text).slice(Number(start), Number(end)),
    "text.replace_all": (text, from, to) => asText(text).replaceAll(asText(from), asText(to)),
    "text.url_encode": (text) => encodeURIComponent(asText(text)),
    "time.format": (seconds, zone = "UTC") => isoIn(asText(zone), Number(seconds)),
    "time.parse": (text) => {
      const milliseconds = Date.parse(asText(text));
      if (Number.isNaN(milliseconds)) throw new Error(`ValueError: ${asText(text)} is no time`);
      return milliseconds / 1000;
    },
    "list.concat": (list, item) => {
      if (!isList(list)) throw new Error("TypeError: no list");
      return [...list, item ?? null];
    },
    "map.get": (map, keys) =>
      [keys ?? null]
        .flat()
        .reduce<Value>((value, key) => (isMap(value) ? (value[asText(key)] ?? null) : null), map ?? null),
    "json.encode_to_string": (value) => JSON.stringify(value),
    "json.decode": (text) => z.json().parse(JSON.parse(asText(text))),
  };
}

export function isMap(value: Value | undefined): value is { readonly [key: string]: Value } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

export function asText(value: Value | undefined): string {
  if (typeof value !== "string") throw new Error(`TypeError: ${JSON.stringify(value)} is no text`);
  return value;
}

/** Local time with offset, `2026-11-02T06:00:00-05:00`. */
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
