import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { dbtBigQuery } from "../../checks/emulators/dbt-bigquery";
import { runDbt, targetFolder } from "../../transform/driver/dbt";
import { fixtureProject } from "../support/fixtures";
import { describeUnless } from "../support/unless";
import { missingModels, missingPython, pythonOf } from "./support";

const golden = join("__tests__", "transform", "golden");

describeUnless(missingModels ?? missingPython(dbtBigQuery))("the SQL of BigQuery", () => {
  const folder = mkdtempSync(join(tmpdir(), "tributary-sql-"));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test("is made without credentials, and is the golden one; if this fails: npm run golden:transform", async () => {
    const ended = await runDbt(
      {
        python: pythonOf(dbtBigQuery),
        args: ["compile", "--no-introspect", "--no-populate-cache"],
        target: "check",
        project: join(fixtureProject, "transform"),
        folder,
        // Where no credentials are.
        environment: { HOME: folder, WAREHOUSE_PROJECT: "example" },
        periods: ["2019-01-01", "2019-02-01"],
      },
      () => undefined,
    );
    expect(ended).toMatchObject({ exitCode: 0, errors: [] });
    const compiled = join(targetFolder(folder), "compiled", "tributary");
    const files = ["models", "tests"].flatMap((part) =>
      readdirSync(join(compiled, part), { recursive: true, encoding: "utf8" })
        // Those of macros and of dbt itself are in the golden files of no use to a reviewer.
        .filter((name) => name.endsWith(".sql") && !/\.yml\//.test(name))
        .map((name) => join(part, name)),
    );
    expect(files.length).toBeGreaterThan(10);
    if (process.env.GOLDEN === "write") {
      rmSync(golden, { recursive: true, force: true });
      for (const name of files) {
        mkdirSync(dirname(join(golden, name)), { recursive: true });
        writeFileSync(join(golden, name), text(join(compiled, name)));
      }
    }
    for (const name of files)
      expect([name, text(join(compiled, name))]).toEqual([name, text(join(golden, name))]);
    const kept = readdirSync(golden, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".sql"),
    );
    expect(kept.sort()).toEqual([...files].sort());
  }, 180_000);
});

/** Without the spaces that templates leave. */
function text(file: string): string {
  return `${readFileSync(file, "utf8")
    .replace(/[ \t]+$/gm, "")
    .trim()}\n`;
}
