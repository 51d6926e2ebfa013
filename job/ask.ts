/** `npm run ask -- '<SQL>' [home]`: queries the warehouse on this machine and prints the rows. */
import { Home } from "./home";
import { queryRows } from "./engine/rows";
import { table } from "./text";
import { withWarehouse } from "./warehouse/open-warehouse";

const usage = "usage: npm run ask -- 'SELECT count(*) FROM raw.yellow_tripdata' [home]";

async function main([sql, folder = ".tributary"]: readonly string[]): Promise<void> {
  if (sql === undefined) throw new Error(usage);
  const rows = await withWarehouse(new Home(folder).warehouse, (connection) => queryRows(connection, sql));
  const [first] = rows;
  if (first === undefined) process.stdout.write("no rows\n");
  else {
    const cells = rows.map((row) =>
      Object.values(row).map((value) => (value === null ? "NULL" : text(value))),
    );
    process.stdout.write(`${table([Object.keys(first), ...cells])}\n`);
  }
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

void main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
