import { type DatasetSpec, tableColumns } from "../../catalog/spec";
import type { SchemaLock, TableShape } from "../schema-lock";
import type { Finding, Rule } from "./platform";

/** A change to a table that BigQuery answers with a new, empty one is refused, unless the record says it is meant. */
export function schemaEvolution(lock: SchemaLock, catalog: ReadonlyMap<string, DatasetSpec>): Rule {
  return ({ environment }): Finding[] =>
    [...catalog.values()].flatMap((spec) =>
      replacements(lock[spec.id], shapeOf(spec)).map((found) => ({
        path: `${environment.name}-warehouse/${spec.id}`,
        found,
        fix: `undo it, or say that the table may be replaced: npm run golden -- --replace ${spec.id}`,
      })),
    );
}

export function shapeOf(spec: DatasetSpec): TableShape {
  return {
    partition: spec.partition ? `${spec.partition.column} by ${spec.partition.granularity}` : "none",
    columns: Object.fromEntries(
      tableColumns(spec).map(({ name, type, mode }) => [
        name,
        mode === "REQUIRED" ? `${type} REQUIRED` : type,
      ]),
    ),
  };
}

/** What cannot be changed in place between what is deployed and what is wanted, one sentence each. */
export function replacements(deployed: TableShape | undefined, wanted: TableShape): string[] {
  if (deployed === undefined) return [];
  const changed = Object.entries(wanted.columns).flatMap(([name, now]) => {
    const before = deployed.columns[name];
    if (before === undefined) return now.endsWith("REQUIRED") ? [`the new column ${name} is REQUIRED`] : [];
    return inPlace(before, now) ? [] : [`the column ${name} changes from ${before} to ${now}`];
  });
  const dropped = Object.keys(deployed.columns).filter((name) => !(name in wanted.columns));
  const moved =
    deployed.partition === wanted.partition
      ? []
      : [`the partition changes from ${deployed.partition} to ${wanted.partition}`];
  return [
    ...[...moved, ...changed].map((change) => `${change}: BigQuery would answer with a new, empty table`),
    ...dropped.map((name) => `the column ${name} is gone: BigQuery would delete what it holds`),
  ];
}

/** The same, or a column that need no longer be filled. */
function inPlace(before: string, now: string): boolean {
  return before === now || before === `${now} REQUIRED`;
}
