import * as z from "zod/mini";
import { type DatasetSpec, isPolicyTagResource, type SpecColumn, tableColumns } from "../../dataset";
import { standardType } from "./bigquery-load";

/** A column of a table in BigQuery. */
export interface TableColumn {
  readonly type: string;
  readonly mode: string;
  readonly policyTag: string | undefined;
}

/** The columns in a table's metadata, by name. */
export function columnsIn(metadata: unknown): ReadonlyMap<string, TableColumn> {
  return new Map(
    table
      .parse(metadata)
      .schema.fields.map(({ name, type, mode, policyTags }) => [
        name,
        { type: standardType(type), mode: mode ?? "NULLABLE", policyTag: policyTags?.names?.[0] },
      ]),
  );
}

/** How a table differs from the specification, so that it cannot be loaded. */
export function schemaFaults(spec: DatasetSpec, found: ReadonlyMap<string, TableColumn>): readonly string[] {
  const wanted = tableColumns(spec);
  const others = [...found].filter(([name]) => wanted.every((one) => one.name !== name));
  return [
    ...wanted.flatMap((column) => columnFaults(column, found.get(column.name))),
    // Other columns are NULL in the rows of this run.
    ...others.flatMap(([name, { mode }]) =>
      mode === "REQUIRED" ? [`column ${name} is REQUIRED, but not in the specification`] : [],
    ),
  ];
}

/** Policy tags, by column, that are names in an environment. Only its specifications have the tags themselves. */
export function unresolvedTags({ columns }: DatasetSpec): readonly string[] {
  return columns.flatMap(({ name, policyTag }) =>
    policyTag === undefined || isPolicyTagResource(policyTag) ? [] : [`${name}: ${policyTag}`],
  );
}

function columnFaults(
  { name, type, mode, policyTag }: SpecColumn,
  has: TableColumn | undefined,
): readonly string[] {
  if (has === undefined) return [`column ${name} is missing`];
  if (has.type !== type)
    return [`column ${name} has the type ${has.type}, but the specification requires ${type}`];
  if (has.mode === "REQUIRED" && mode !== "REQUIRED")
    return [`column ${name} is REQUIRED, but NULLABLE in the specification`];
  // No row is loaded before the policy is there. A tag that only the table has stays: no load removes it.
  if (policyTag === undefined || has.policyTag === policyTag) return [];
  return [
    `column ${name} has ${has.policyTag ?? "no policy tag"}, but the specification requires ${policyTag}`,
  ];
}

const table = z.object({
  schema: z.object({
    fields: z.array(
      z.object({
        name: z.string(),
        type: z.string(),
        mode: z.optional(z.string()),
        policyTags: z.optional(z.object({ names: z.optional(z.array(z.string())) })),
      }),
    ),
  }),
});
