import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineDataset, Period } from "../../../dataset";
import { dryRun } from "../../../job/dry-run";
import { Home } from "../../../job/home";

const quiet = {
  started: () => undefined,
  progress: () => undefined,
  finished: () => undefined,
  warning: () => undefined,
  info: () => undefined,
  failed: () => undefined,
  close: () => undefined,
};

test("a dry run converts and verifies each period, and writes nothing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tributary-dry-"));
  try {
    writeFileSync(join(folder, "x_2023.csv"), 'id,amount\n1,"2,5"\nx,1\n');
    writeFileSync(join(folder, "x_2024.csv"), "id,other\n1,2\n");
    const spec = defineDataset({
      id: "x",
      description: "x",
      source: { url: join(folder, "x_{year}.csv"), format: "csv", decimal: "," },
      grain: "year",
      firstPeriod: "2023",
      columns: [
        { name: "id", type: "INTEGER", description: "x" },
        { name: "amount", type: "NUMERIC", description: "x" },
      ],
      badRows: { action: "reject", limit: 1 },
    });
    const periods = Period.range(Period.parse("year", "2023"), Period.parse("year", "2024"));
    const home = new Home(join(folder, "home"));
    const request = {
      ...{ run: "r", spec, periods, home, endpoints: {}, database: { kind: "none" } },
      ...{ force: false, allowShrink: false, replaceTables: false },
    } as const;
    const { summary, failure } = await dryRun(request, quiet);
    expect(summary.periods).toMatchObject([{ period: "2023", read: 2, rejected: 1, parquet: 1 }]);
    expect(failure?.kind).toBe("drift");
    expect(failure?.message).toMatch(/^x 2024: x_2024.csv line 1: the header does not match/);
    expect(existsSync(home.folder)).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
