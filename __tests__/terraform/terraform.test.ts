import { join } from "node:path";
import { hermetic } from "../../terraform/terraform";

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
    "TF_INPUT",
    "TF_IN_AUTOMATION",
    "TF_PLUGIN_CACHE_DIR",
  ]);
});

test("hermetic keeps the CLI configuration if the file exists", () => {
  expect(hermetic({ TF_CLI_CONFIG_FILE: __filename }).TF_CLI_CONFIG_FILE).toBe(__filename);
  expect(hermetic({ TF_CLI_CONFIG_FILE: join(__dirname, "none") })).not.toHaveProperty("TF_CLI_CONFIG_FILE");
});
