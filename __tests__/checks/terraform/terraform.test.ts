import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hermetic } from "../../../checks/terraform/terraform";

test("hermetic removes the user's credentials, projects and settings", () => {
  const env = hermetic({
    PATH: "/bin",
    GOOGLE_APPLICATION_CREDENTIALS: "/home/me/key.json",
    AWS_PROFILE: "production",
    TF_VAR_secret: "x",
    TF_CLI_ARGS_plan: "-destroy",
    TF_PLUGIN_CACHE_DIR: "/cache",
    HTTPS_PROXY: "http://proxy.example.com:3128",
  });
  expect(Object.keys(env).sort()).toEqual([
    "AWS_ACCESS_KEY_ID",
    "AWS_EC2_METADATA_DISABLED",
    "AWS_SECRET_ACCESS_KEY",
    "CHECKPOINT_DISABLE",
    "GOOGLE_OAUTH_ACCESS_TOKEN",
    "HTTPS_PROXY",
    "PATH",
    "TF_IN_AUTOMATION",
    "TF_PLUGIN_CACHE_DIR",
  ]);
});

test("hermetic keeps the CLI configuration if the file exists", () => {
  expect(hermetic({ TF_CLI_CONFIG_FILE: __filename }).TF_CLI_CONFIG_FILE).toBe(__filename);
  expect(hermetic({ TF_CLI_CONFIG_FILE: join(__dirname, "none") })).not.toHaveProperty("TF_CLI_CONFIG_FILE");
});

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
