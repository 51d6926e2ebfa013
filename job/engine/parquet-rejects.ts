import type { Reject, RejectedRule } from "../records";
import { shownValue } from "../text";
import type { Engine } from "./engine";
import { fits, type SqlFault } from "./expressions";
import { queryRows } from "./rows";
import { quoteIdentifier, quoteLiteral } from "./sql";

/**
 * Finds the rejected rows of a Parquet file. It reads the file again: call it only when there are rejects.
 *
 * @param from the SQL that reads the file
 * @param headers names of the file's columns
 * @param limit maximum number of rejects, of which one more is returned; the counts by reason cover all rejects
 */
export async function parquetRejects(
  { connection }: Engine,
  from: string,
  headers: readonly string[],
  faults: readonly SqlFault[],
  limit: number,
): Promise<{ readonly rejects: readonly Reject[]; readonly rules: readonly RejectedRule[] }> {
  const number = quoteIdentifier(unusedName(headers));
  const which = faults.map(({ condition }, index) => `WHEN ${condition} THEN ${index}`).join(" ");
  const values = faults.map(
    ({ condition, header }) => `WHEN ${condition} THEN CAST(${quoteIdentifier(header)} AS VARCHAR)`,
  );
  const row = headers.map((header) => `${quoteIdentifier(header)} := ${quoteIdentifier(header)}`).join(", ");
  const wrong = `NOT (${fits(faults)})`;
  const rows = await queryRows(
    connection,
    `SELECT ${number} AS line, CASE ${which} END AS fault, CASE ${values.join(" ")} END AS value,
       CAST(to_json(struct_pack(${row})) AS VARCHAR) AS raw
     FROM (SELECT row_number() OVER () AS ${number}, * FROM ${from}) WHERE ${wrong} ORDER BY 1 LIMIT ${limit + 1}`,
  );
  const counts = await queryRows(
    connection,
    `SELECT CASE ${which} END AS fault, count(*) AS rows FROM ${from} WHERE ${wrong} GROUP BY 1 ORDER BY 1`,
  );
  return {
    rejects: rows.map((found) => {
      const fault = faultOf(faults, found["fault"]);
      const value = fault.showsValue ? `${shownValue(String(found["value"]))} ` : "";
      return {
        line: Number(found["line"]),
        column: fault.column,
        reason: value + fault.rule,
        raw: String(found["raw"]),
      };
    }),
    rules: counts.map((found) => {
      const { column, rule } = faultOf(faults, found["fault"]);
      return { column, rule, rows: Number(found["rows"]) };
    }),
  };
}

function faultOf(faults: readonly SqlFault[], index: unknown): SqlFault {
  const fault = faults[Number(index)];
  if (fault === undefined)
    throw new TypeError(`a rejected row has no reason: ${quoteLiteral(String(index))}`);
  return fault;
}

/** A name that no column has. */
function unusedName(headers: readonly string[]): string {
  const taken = new Set(headers.map((header) => header.toLowerCase()));
  let name = "row";
  while (taken.has(name)) name += "_";
  return name;
}
