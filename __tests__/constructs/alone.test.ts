import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readStacks } from "../../scripts/synthesized";

const project = join(__dirname, "../..");
const example = "docs/examples/constructs-alone.ts";

test("the constructs work in somebody else's stack", () => {
  const outdir = mkdtempSync(join(tmpdir(), "alone-"));
  try {
    const { status, stderr } = spawnSync(process.execPath, [join(project, "scripts/run.mjs"), example], {
      cwd: outdir,
      env: { PATH: process.env.PATH, CDKTF_OUTDIR: outdir },
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const types = Object.keys(readStacks(outdir).get("mine")?.resource ?? {});
    expect(types).toEqual([
      "google_bigquery_dataset",
      "google_bigquery_dataset_iam_member",
      "google_cloud_run_v2_job",
      "google_project_iam_member",
      "google_service_account",
      "google_storage_bucket",
      "google_storage_bucket_iam_member",
    ]);
  } finally {
    rmSync(outdir, { recursive: true });
  }
});

test("the constructs know neither environments nor catalog nor stacks", () => {
  expect(readFileSync(join(project, example), "utf8")).not.toMatch(/\.\.\/(config|catalog|stacks)/);
});
