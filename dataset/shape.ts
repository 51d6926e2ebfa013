import * as z from "zod/mini";
import { issueText } from "../errors/issues";
import {
  columnTypes,
  compressions,
  encodings,
  engines,
  extraPolicies,
  granularities,
  sourceFormats,
  thousandsSigns,
} from "./dataset";
import { grains } from "./period";

const column = z.strictObject({
  name: z.string(),
  type: z.enum(columnTypes),
  mode: z.enum(["NULLABLE", "REQUIRED"]),
  description: z.string(),
  aliases: z.array(z.string()),
  optional: z.boolean(),
  policyTag: z.optional(z.string()),
  format: z.optional(z.string()),
  path: z.optional(z.string()),
});

const percent = z.templateLiteral([z.number(), "%"]);

const shape = z.strictObject({
  id: z.string(),
  description: z.string(),
  source: z.strictObject({
    url: z.string(),
    format: z.enum(sourceFormats),
    compression: z.enum(compressions),
    nullValues: z.array(z.string()),
    delimiter: z.string(),
    quote: z.string(),
    encoding: z.optional(z.enum(encodings)),
    comment: z.optional(z.string()),
    skipLines: z.optional(z.number()),
    decimal: z.optional(z.enum([".", ","])),
    thousands: z.optional(z.enum(thousandsSigns)),
    dateFormat: z.optional(z.string()),
    dateTimeFormat: z.optional(z.string()),
    timeZone: z.optional(z.string()),
    ignore: z.optional(z.array(z.string())),
    extra: z.optional(z.enum(extraPolicies)),
  }),
  grain: z.enum(grains),
  firstPeriod: z.optional(z.string()),
  lastPeriod: z.optional(z.string()),
  schedule: z.optional(z.strictObject({ cron: z.string(), timeZone: z.string(), periodsBehind: z.number() })),
  columns: z.array(column),
  partition: z.optional(z.strictObject({ column: z.string(), granularity: z.enum(granularities) })),
  cluster: z.array(z.string()),
  badRows: z.discriminatedUnion("action", [
    z.strictObject({ action: z.literal("fail") }),
    z.strictObject({ action: z.literal("reject"), limit: z.union([z.number(), percent]) }),
  ]),
  shrink: z.optional(
    z.discriminatedUnion("action", [
      z.strictObject({ action: z.literal("allow") }),
      z.strictObject({
        action: z.literal("fail"),
        ofBefore: z.optional(percent),
        ofNeighbors: z.optional(percent),
      }),
    ]),
  ),
  size: z.optional(z.string()),
  engine: z.optional(z.enum(engines)),
  rowAccess: z.optional(
    z.array(z.strictObject({ name: z.string(), filter: z.string(), grantees: z.array(z.string()) })),
  ),
  retired: z.optional(z.boolean()),
});

/** A specification whose fields have the correct types; their values are not validated yet. */
export type SpecShape = z.infer<typeof shape>;

/**
 * Checks that a value has the fields and types of a specification.
 *
 * @returns the specification, or its name and one fault for each field that is missing, unknown or of the wrong type
 */
export function parseShape(
  value: unknown,
): { readonly spec: SpecShape } | { readonly name: string; readonly faults: readonly string[] } {
  const parsed = shape.safeParse(value);
  if (parsed.success) return { spec: parsed.data };
  const faults = parsed.error.issues.map(
    (issue) => `${fieldName(issue.path, value)}: ${issueText(issue, value, shape)}`,
  );
  return { name: nameOf(value), faults };
}

function nameOf(value: unknown): string {
  const named = z.object({ id: z.string() }).safeParse(value);
  return named.success ? named.data.id : "without an id";
}

/** Path of a field, with the name of a column in place of its index: `columns.fare_amount.type`. */
function fieldName(path: readonly PropertyKey[], value: unknown): string {
  const [first, index, ...rest] = path;
  if (first !== "columns" || typeof index !== "number") return path.map(String).join(".") || "specification";
  const columns = z.object({ columns: z.array(z.object({ name: z.string() })) }).safeParse(value);
  const name = columns.success ? columns.data.columns[index]?.name : undefined;
  return ["columns", name ?? index, ...rest].map(String).join(".");
}
