import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";

import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** A folder with links to the project, in which the commands run and write. */
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tributary-tour-"));
  for (const part of ["scripts", "tour", "transform", "cdktf.json"])
    symlinkSync(resolve(part), join(folder, part));
  // A program in place of Terraform, which records that it was started.
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "bin/terraform"), `#!/bin/sh\ntouch ${folder}/terraform-was-started\n`);
  chmodSync(join(folder, "bin/terraform"), 0o755);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

test("npm start ingests the sample, ends with a preview, and changes nothing the second time", () => {
  const first = start();
  expect(first).toMatchObject({ status: 0, stderr: "" });
  expect(first.stdout).toMatch(
    /yellow_tripdata\n.*\n +2019-01 +written.*\n +2019-02 +written.*\n +2019-03 +written/,
  );
  expect(first.stdout).not.toContain("✗");
  // In this folder dbt is not installed, and nothing is installed.
  expect(first.stdout).toMatch(
    /5\/7 {2}Build and test the models in core\n +dbt \S+ is not installed\. With Python \(3\.13/,
  );
  expect(first.stdout).toContain(".tributary/report/index.html");
  const report = join(folder, ".tributary/report/index.html");
  expect(readFileSync(report, "utf8")).toContain("Every row is accounted for");
  expect(readFileSync(report, "utf8")).toContain('<a href="preview.html">');
  expect(first.stdout).toMatch(
    /7\/7 {2}Preview the pull request that adds catalog\/yellow_tripdata\.ts\n +Changes to review: 4 to create\. No data is lost, and access is not broadened\.\n +dev-warehouse +create google_bigquery_table \(2\)\n/,
  );
  const preview = readFileSync(join(folder, ".tributary/report/preview.html"), "utf8");
  expect(preview).toContain("Because of catalog/yellow_tripdata.ts");

  const second = start();
  expect(second).toMatchObject({ status: 0, stderr: "" });
  expect(second.stdout.match(/nothing was written/g)).toHaveLength(3);
  expect(readFileSync(report, "utf8")).toContain("Every row is accounted for");
  expect(readdirSync(join(folder, ".tributary/report"))).toEqual(["index.html", "preview.html"]);
  expect(existsSync(join(folder, "terraform-was-started"))).toBe(false);
}, 180_000);

test("npm start does not replace months from another source", () => {
  const manifests = join(folder, ".tributary/lake/manifests/yellow_tripdata/year=2019/month=02");
  const [manifest, marker] = [join(manifests, "manifest.json"), join(manifests, "_SUCCESS")];
  const text = readFileSync(manifest, "utf8").replace(/http:\/\/127\.0\.0\.1:\d+/, "https://example.org");
  writeFileSync(manifest, text);
  writeFileSync(marker, createHash("sha256").update(text).digest("hex"));
  const refused = start();
  expect(refused.status).toBe(1);
  expect(refused.stdout).toBe("");
  expect(refused.stderr).toContain("contains yellow_tripdata 2019-02 from https://example.org/");
}, 60_000);

function start() {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/run.mjs", "tour/main.ts"], {
    cwd: folder,
    env: { ...process.env, PATH: `${folder}/bin:${process.env.PATH ?? ""}` },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}
