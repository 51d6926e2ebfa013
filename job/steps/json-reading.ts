import { type DatasetSpec, type PathStep, pathSteps } from "../../dataset";
import { withFork } from "../engine/engine";
import { readCsv } from "../engine/read-csv";
import { queryRows } from "../engine/rows";
import { quoteIdentifier, quoteLiteral } from "../engine/sql";
import type { CsvContent, JsonLines } from "../source/extracted";
import type { PeriodContext } from "./context";

/**
 * Reads the lines of JSON with DuckDB's parser, and compares them with the records that were made of them: their number,
 * the number of values of each column, and, if all values of a column have one type, the values.
 *
 * @returns what differs, one sentence each
 */
export async function jsonDifferences(
  { engine, spec }: Pick<PeriodContext, "engine" | "spec">,
  content: CsvContent,
  { file, keys }: JsonLines,
): Promise<readonly string[]> {
  if (content.rows === 0) return [];
  const columns = spec.columns.map((column, index) => ({
    name: column.name,
    value: valueIn(column.path === undefined ? undefined : pathSteps(column.path), keys[index] ?? [], spec),
  }));
  const lines = `read_json_objects(${quoteLiteral(file)}, format = 'newline_delimited', maximum_object_size = ${Math.max(content.longest * 4, 1 << 24)})`;
  const fromJson = columns.flatMap(({ value: { text, type } }, index) => [
    `count(${text}) AS n${index}`,
    `count(*) FILTER (${text} IS NOT NULL AND ${type} = 'VARCHAR') AS s${index}`,
    `sum(hash(${text})::HUGEINT) AS h${index}`,
  ]);
  const fromRecords = columns.flatMap(({ name }, index) => [
    `count(${quoteIdentifier(name)}) AS n${index}`,
    `sum(hash(${quoteIdentifier(name)})::HUGEINT) AS h${index}`,
  ]);
  const asTexts = {
    ...content,
    fields: content.fields.map((field) => ({ ...field, form: field.form ?? plain })),
  };
  return withFork(engine, async ({ connection }) => {
    const [json] = await queryRows(
      connection,
      `SELECT count(*) AS rows, ${fromJson.join(", ")} FROM ${lines}`,
    );
    const [records] = await queryRows(
      connection,
      `SELECT count(*) AS rows, ${fromRecords.join(", ")} FROM ${readCsv(asTexts, spec)}`,
    );
    if (json === undefined || records === undefined) throw new TypeError("an aggregate has no row");
    if (Number(json["rows"]) !== Number(records["rows"]))
      return [`${String(json["rows"])} lines of JSON became ${String(records["rows"])} records`];
    return columns.flatMap(({ name }, index) => {
      const [values, found] = [Number(json[`n${index}`]), Number(records[`n${index}`])];
      if (values !== found)
        return [`column ${name}: ${values} values in the lines of JSON, ${found} in the records`];
      const areTexts = Number(json[`s${index}`]) === values;
      return areTexts && json[`h${index}`] !== records[`h${index}`]
        ? [`column ${name}: the lines of JSON and the records have different texts`]
        : [];
    });
  });
}

/** Makes `readCsv` return a column as text. */
const plain = { decimal: ".", thousands: "" } as const;

/** Text and JSON type of a column's value, in SQL; NULL for null and the texts that mean NULL. */
function valueIn(steps: readonly PathStep[] | undefined, keys: readonly string[], { source }: DatasetSpec) {
  const paths = (steps === undefined ? keys.map((key) => [key]) : [steps]).map(jsonPath);
  if (paths.length === 0) return { text: "NULL", type: "NULL" };
  const first = (call: string) => `coalesce(${paths.map((path) => `${call}(json, ${path})`).join(", ")})`;
  const text = first("json_extract_string");
  const isNull = source.nullValues
    .map((value) => `WHEN ${text} = ${quoteLiteral(value)} THEN NULL`)
    .join(" ");
  return { text: isNull === "" ? text : `(CASE ${isNull} ELSE ${text} END)`, type: first("json_type") };
}

function jsonPath(steps: readonly PathStep[]): string {
  const parts = steps.map((step) =>
    typeof step === "number" ? `[${step}]` : `."${step.replaceAll('"', '\\"')}"`,
  );
  return quoteLiteral(`$${parts.join("")}`);
}
