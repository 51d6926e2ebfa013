/** Names of columns from the names in a file. */
import { extraColumn, hiveKeys, periodColumn, type Grain } from "../../dataset";

/** Names that BigQuery or Postgres reserve. */
const reserved =
  /^(_table_|_file_|_partition|_row_timestamp|__root__|_colidentifier|(tableoid|xmin|cmin|xmax|cmax|ctid)$)/i;

/** Returns a valid name for each header, different from those that it has returned before. */
export function columnNamer(grain: Grain): (header: string) => string {
  const used = new Set<string>([periodColumn.name, extraColumn.name, ...hiveKeys(grain)]);
  return (header) => {
    const plain = header
      .replace(/[ßẞ]/g, "ss")
      .normalize("NFD")
      .replace(/\p{M}/gu, "")
      .replace(/[^A-Za-z0-9_]+/g, "_")
      .replace(/^_+(?=.)|(?<=.)_+$/g, "")
      .slice(0, 55);
    const start = plain === "" || plain === "_" ? "column" : /^\d/.test(plain) ? `n_${plain}` : plain;
    const base = reserved.test(start) ? `${start}_` : start;
    let name = base;
    for (let count = 2; used.has(name.toLowerCase()); count += 1) name = `${base}_${count}`;
    used.add(name.toLowerCase());
    return name;
  };
}
