import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

test("test:terraform skips every stack with the reason if Terraform is not installed", () => {
  const empty = mkdtempSync(join(tmpdir(), "no-terraform-"));
  try {
    const { status, stdout } = spawnSync(
      process.execPath,
      ["scripts/run.mjs", "checks/terraform/main.ts", "dev-lake"],
      { cwd: join(__dirname, "../../.."), env: { PATH: empty }, encoding: "utf8" },
    );
    expect(stdout).toContain("skipped: dev-lake\n  terraform is not installed");
    expect(stdout).toMatch(/\n0 passed, 0 failed, 1 skipped\n$/);
    expect(status).toBe(0);
  } finally {
    rmSync(empty, { recursive: true });
  }
});

test("test:terraform rejects an unknown stack and lists the available ones", () => {
  const { status, stdout } = spawnSync(
    process.execPath,
    ["scripts/run.mjs", "checks/terraform/main.ts", "dev-lak"],
    { cwd: join(__dirname, "../../.."), encoding: "utf8" },
  );
  expect(stdout).toMatch(/stack "dev-lak" does not exist; available stacks: .*dev-lake/);
  expect(stdout).toMatch(/\n0 passed, 1 failed, 0 skipped\n$/);
  expect(status).toBe(1);
});
