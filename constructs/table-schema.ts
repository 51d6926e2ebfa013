import { type Fault, malformed } from "./errors";
import { escapeTemplates } from "./escape-templates";

/** One column of a BigQuery table. */
export interface TableColumn {
  /** Letters, digits and underscores; BigQuery ignores case. */
  readonly name: string;
  /** A type name as BigQuery's API returns it; a `RECORD` contains columns. */
  readonly type: ColumnType;
  /** `REPEATED` is a list of values. @default - NULLABLE */
  readonly mode?: "NULLABLE" | "REQUIRED" | "REPEATED";
  /** @default - none */
  readonly description?: string;
  /**
   * Policy tag that decides who reads the column:
   * `projects/<project>/locations/<region>/taxonomies/<id>/policyTags/<id>`. A data policy of the tag can mask it.
   * @default - whoever reads the table reads the column
   */
  readonly policyTag?: string;
  /** The columns of a `RECORD`. @default - none */
  readonly fields?: readonly TableColumn[];
}

/** The types of BigQuery columns. */
export type ColumnType =
  | "STRING"
  | "BYTES"
  | "INTEGER"
  | "FLOAT"
  | "NUMERIC"
  | "BIGNUMERIC"
  | "BOOLEAN"
  | "DATE"
  | "DATETIME"
  | "TIME"
  | "TIMESTAMP"
  | "GEOGRAPHY"
  | "JSON"
  | "RECORD";

/** The columns as BigQuery's JSON schema. */
export function schemaJson(columns: readonly TableColumn[]): string {
  return escapeTemplates(JSON.stringify(columns.map(field)));
}

function field({ name, type, mode = "NULLABLE", description, policyTag, fields }: TableColumn): object {
  return {
    name,
    type,
    mode,
    ...(description && { description }),
    ...(policyTag && { policyTags: { names: [policyTag] } }),
    ...(fields && { fields: fields.map(field) }),
  };
}

/** The faults of a table's name and columns. */
export function tableFaults(name: string, columns: readonly TableColumn[]): Fault[] {
  return [tableNameFault(name), ...columnFaults("columns", columns)];
}

/** The fault of the name of a table or view. */
export function tableNameFault(name: string): Fault {
  return malformed("name", name, /^[A-Za-z0-9_]{1,1024}$/, "letters, digits and underscores, at most 1024");
}

function columnFaults(prop: string, columns: readonly TableColumn[]): Fault[] {
  const names = columns.map((column) => column.name.toLowerCase());
  return [
    columns.length === 0 && `${prop}: must not be empty`,
    ...columns.map(({ name }) =>
      malformed(
        `${prop}.name`,
        name,
        /^[A-Za-z_]\w{0,299}$/,
        "letters, digits and underscores, at most 300, not starting with a digit",
      ),
    ),
    ...names.map(
      (column, index) =>
        names.indexOf(column) < index && `${prop}: duplicate column ${column}; BigQuery ignores case`,
    ),
    ...columns.map(
      ({ name, policyTag }) =>
        policyTag !== undefined &&
        malformed(
          `${prop}.${name}.policyTag`,
          policyTag,
          /^projects\/[^/]+\/locations\/[^/]+\/taxonomies\/[^/]+\/policyTags\/[^/]+$/,
          "projects/<project>/locations/<region>/taxonomies/<id>/policyTags/<id>",
        ),
    ),
    ...columns.map(
      ({ name, type, policyTag }) =>
        type === "RECORD" &&
        policyTag !== undefined &&
        `${prop}.${name}.policyTag: a RECORD has no policy tag; set it on its fields`,
    ),
    ...columns.flatMap(({ name, type, fields }) =>
      type === "RECORD"
        ? columnFaults(`${prop}.${name}.fields`, fields ?? [])
        : [fields !== undefined && `${prop}.${name}.fields: only a RECORD has fields, ${name} is ${type}`],
    ),
  ];
}
