import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineDataset } from "../../../dataset";
import { specifications } from "../../support/specifications";
import { testUnless } from "../../support/unless";
import { writeContext } from "../../../scripts/image/context";

const spec = defineDataset({
  id: "zones",
  description: "Three zones.",
  source: { url: "https://example.com/zones.csv", format: "csv" },
  grain: "once",
  columns: [
    { name: "id", type: "INTEGER", mode: "REQUIRED", description: "Number." },
    { name: "zone", type: "STRING", description: "Name." },
  ],
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "image-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const reason =
  process.platform === "linux" && process.arch === "x64"
    ? undefined
    : "the engine in the image is for Linux on x64 only";

testUnless(reason)("build context of the image ingests outside the project", async () => {
  expect(await writeContext(join(folder, "context"))).toBeUndefined();
  writeFileSync(join(folder, "zones.csv"), "id,zone\n1,Astoria\n2,Bronxdale\n3,Chelsea\n");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      join(folder, "context", "ingest.cjs"),
      "run",
      "--dataset",
      "zones",
      "--source",
      "zones.csv",
      "--no-database",
      "--json",
    ],
    { cwd: folder, env: specifications(spec), encoding: "utf8" },
  );
  expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toContain('"zones"');
});
