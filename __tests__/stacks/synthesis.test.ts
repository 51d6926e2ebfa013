import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { loadCatalog } from "../fixtures/catalog";
import { defineDataset } from "../../dataset";
import { loadEnvironment } from "../fixtures/config";
import { synthesized } from "../../scripts/synthesized";

const project = join(__dirname, "../..");
test("addPlatform with a new data set adds its resources and changes no others", () => {
  const environment = loadEnvironment("dev");
  const catalog = loadCatalog();
  const added = defineDataset({
    id: "middle_tripdata",
    description: "Sorts between the others.",
    source: { url: "https://example.com/{period}.csv", format: "csv" },
    grain: "month",
    firstPeriod: "2020-01",
    schedule: { cron: "0 9 2 * *" },
    columns: [{ name: "id", type: "INTEGER", description: "Number." }],
  });
  const before = leaves(Object.fromEntries(synthesized({ environment, catalog })));
  const after = leaves(
    Object.fromEntries(synthesized({ environment, catalog: new Map([...catalog, [added.id, added]]) })),
  );
  expect([...before].filter(([path, value]) => after.get(path) !== value)).toEqual([]);
  const own = [...after.keys()].filter((path) => !before.has(path));
  expect(own.length).toBeGreaterThan(0);
  expect(own.filter((path) => !path.includes("middle_tripdata"))).toEqual([]);
});

describe("synthesis", () => {
  test("writes the same bytes every time, from any folder", () => {
    const elsewhere = mkdtempSync(join(tmpdir(), "elsewhere-"));
    try {
      const first = synthesizedBytes(project, join(elsewhere, "first"));
      expect(synthesizedBytes(elsewhere, join(elsewhere, "second"))).toEqual(first);
      expect(first.size).toBeGreaterThan(2);
      expect(
        [...first.values()].filter((text) => text.includes(elsewhere) || text.includes(project)),
      ).toEqual([]);
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });
});

/** All values of a tree by path. */
function leaves(value: unknown, path = ""): Map<string, unknown> {
  if (typeof value !== "object" || value === null) return new Map([[path, value]]);
  return new Map(Object.entries(value).flatMap(([key, part]) => [...leaves(part, `${path}/${key}`)]));
}

/** Runs the app in a separate process, as cdktf does, and reads all files that it wrote. */
function synthesizedBytes(cwd: string, outdir: string): Map<string, string> {
  const { status, stderr } = spawnSync(process.execPath, [join(project, "scripts/run.mjs"), "main.ts"], {
    cwd,
    env: { PATH: process.env.PATH, CDKTF_OUTDIR: outdir },
    encoding: "utf8",
  });
  if (status !== 0 || !existsSync(outdir)) throw new Error(`the app exited with ${status}: ${stderr}`);
  const files = readdirSync(outdir, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".json"),
  );
  return new Map(files.sort().map((file) => [file, readFileSync(join(outdir, file), "utf8")]));
}
