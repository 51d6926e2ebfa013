import { type DatasetSpec, tableColumns } from "../../dataset";
import type { ProjectFile } from "./project";

/** A model's use of a table in raw. */
interface SourceUse {
  readonly dataset: string;
  /** Undefined if the model does not list them. */
  readonly columns: readonly string[] | undefined;
}

/** Ids of the data sets that models use as sources, sorted. */
export function usedDatasets(files: readonly ProjectFile[]): readonly string[] {
  const ids = files.flatMap(({ text }) => usesIn(text).map(({ dataset }) => dataset));
  return [...new Set(ids)].sort();
}

/**
 * Compares the columns that models select from raw with the specifications. A column that was renamed in the catalog
 * remains in the table, filled with NULL from then on, so the warehouse would not complain.
 *
 * @returns one sentence per fault, starting with the path of the model
 */
export function sourceColumnFaults(
  files: readonly ProjectFile[],
  catalog: ReadonlyMap<string, DatasetSpec>,
): readonly string[] {
  return files.flatMap(({ path, text }) =>
    usesIn(text).flatMap(({ dataset, columns }) => {
      const spec = catalog.get(dataset);
      if (spec === undefined)
        return [
          `${path}: data set ${dataset} does not exist in catalog/; available: ${[...catalog.keys()].join(", ")}`,
        ];
      if (columns === undefined)
        return [
          `${path}: list the columns of raw.${dataset}: select <columns> from {{ source('raw', '${dataset}') }}`,
        ];
      const available = tableColumns(spec).map(({ name }) => name);
      return columns
        .filter((column) => !available.some((name) => name.toLowerCase() === column.toLowerCase()))
        .map(
          (column) =>
            `${path}: column ${column} does not exist in the specification catalog/${dataset}.ts; ` +
            `available columns: ${available.join(", ")}`,
        );
    }),
  );
}

/** Uses of sources in the SQL of a model. */
function usesIn(text: string): readonly SourceUse[] {
  const sql = text.replace(/\{#[\s\S]*?#\}/g, "").replace(/--.*$/gm, "");
  return [...sql.matchAll(/\{\{\s*source\(\s*['"]raw['"]\s*,\s*['"](\w+)['"]\s*\)\s*\}\}/g)].map((found) => ({
    dataset: found[1] ?? "",
    columns: columnsBefore(sql.slice(0, found.index)),
  }));
}

/** The columns between the last `select` and a `from` at the end of the text, if they are plain columns. */
function columnsBefore(sql: string): readonly string[] | undefined {
  const list = /\bselect\s((?:(?!\bselect\b)[\s\S])*)\bfrom\s*$/i.exec(sql)?.[1];
  const columns = list?.split(",").map((item) => /^\s*(\w+)(\s+as\s+\w+)?\s*$/i.exec(item)?.[1]);
  return columns?.every((column) => column !== undefined) === true ? columns : undefined;
}
