import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { csvHeader, rowsText, tableText } from "../../../job/ask/format";

let home: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "ask-"));
  const instance = await DuckDBInstance.create(join(home, "warehouse.duckdb"));
  const connection = await instance.connect();
  await connection.run(
    "CREATE SCHEMA raw; CREATE TABLE raw.orders AS SELECT range AS id, 'a,b' AS text FROM range(5000)",
  );
  await connection.run("COMMENT ON TABLE raw.orders IS 'Orders of the shop.'");
  connection.closeSync();
  instance.closeSync();
});

afterAll(() => {
  rmSync(home, { recursive: true });
});

function ask(args: readonly string[], input = "") {
  const command = ["scripts/run.mjs", "job/ask/main.ts", "--home", home, ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: "utf8", input });
  return { status, stdout, stderr };
}

test("of a large table, the first rows are printed, and that there are more", () => {
  const { status, stdout, stderr } = ask(["SELECT * FROM raw.orders"]);
  expect(status).toBe(0);
  expect(stdout.split("\n")).toHaveLength(1002);
  expect(stderr).toBe("The first 1,000 rows; there are more: --limit <rows>, or --format csv for all\n");
});

test("CSV has all rows", () => {
  const { stdout, stderr } = ask(["--format", "csv", "SELECT * FROM raw.orders ORDER BY id"]);
  expect(stderr).toBe("");
  expect(stdout.split("\n").slice(0, 2)).toEqual(["id,text", '0,"a,b"']);
  expect(stdout.split("\n")).toHaveLength(5002);
});

test("JSON has integers as numbers", () => {
  expect(ask(["--format", "json", "--limit", "1", "FROM raw.orders ORDER BY id"]).stdout).toBe(
    '{"id":0,"text":"a,b"}\n',
  );
});

test("several statements, and commands, are read from standard input; a fault does not end them", () => {
  const { status, stdout, stderr } = ask([], "SELECT 1 AS a;\nSELECT nothing;\n.tables\nSELECT\n 2 AS b\n");
  expect(stdout).toContain("a\n1\n");
  expect(stdout).toMatch(/raw\.orders +5000 +2 +Orders of the shop\./);
  expect(stdout).toContain("b\n2\n");
  expect(stderr).toContain('column "nothing" was not found');
  expect(status).toBe(1);
});

test("a misspelled option, and a missing home, are explained", () => {
  expect(ask(["--fromat", "csv", "SELECT 1"])).toMatchObject({
    status: 1,
    stderr: "error: unknown option '--fromat'\n(Did you mean --format?)\n",
  });
  expect(ask(["--home", "/nowhere", "SELECT 1"]).stderr).toContain("does not exist: ingest a data set first");
});

test("values with separators stay one value in every format", () => {
  const page = { columns: ["a|b", "c"], rows: [["x|y\nz", null]] };
  expect(tableText(page, "table")).toBe("a|b       c\nx|y⏎z  NULL\n");
  expect(tableText(page, "markdown")).toBe("| a|b | c |\n| --- | --- |\n| x\\|y<br>z | NULL |\n");
  expect(csvHeader(["a,b", "c"]) + rowsText(page, "csv")).toBe('"a,b",c\n"x|y\nz",\n');
});
