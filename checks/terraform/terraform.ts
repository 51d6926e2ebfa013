import { existsSync } from "node:fs";
import * as z from "zod/mini";
import { type Ended, runProgram } from "../../scripts/program";

/** Terraform on this machine, run without the user's credentials and settings. */
export interface Terraform {
  readonly version: string;
  /** `linux_amd64` */
  readonly platform: string;
  /** `network`: whether network access is permitted. Only downloading providers requires it. */
  run(args: readonly string[], where: { folder: string; network: boolean }): Promise<Ended>;
}

const versionJson = z.object({ terraform_version: z.string(), platform: z.string() });

/** @throws ProgramMissing when Terraform is not installed */
export async function findTerraform(environment: NodeJS.ProcessEnv): Promise<Terraform> {
  const connected = hermetic(environment);
  const { stdout } = await runProgram("terraform", ["version", "-json"], { env: connected });
  const { terraform_version: version, platform } = versionJson.parse(JSON.parse(stdout));
  const isolated = { ...connected, ...unreachableProxy };
  return {
    version,
    platform,
    run: (args, { folder, network }) =>
      runProgram("terraform", args, { cwd: folder, env: network ? connected : isolated }),
  };
}

/** A proxy on a closed port: a provider that accesses the network fails immediately instead of waiting. */
const unreachableProxy = {
  HTTPS_PROXY: "http://127.0.0.1:9",
  HTTP_PROXY: "http://127.0.0.1:9",
  NO_PROXY: "",
  https_proxy: undefined,
  http_proxy: undefined,
  no_proxy: undefined,
};

/**
 * The environment without variables that would affect a plan (credentials, projects, regions, Terraform settings) and
 * with invalid tokens and keys, so that the providers do not look for real ones.
 */
export function hermetic(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !personal.test(name));
  const config = environment.TF_CLI_CONFIG_FILE;
  return {
    ...Object.fromEntries(kept),
    // Terraform prints a warning for a missing file.
    ...(config !== undefined && existsSync(config) && { TF_CLI_CONFIG_FILE: config }),
    ...(environment.TF_PLUGIN_CACHE_DIR !== undefined && {
      TF_PLUGIN_CACHE_DIR: environment.TF_PLUGIN_CACHE_DIR,
    }),
    TF_IN_AUTOMATION: "1",
    CHECKPOINT_DISABLE: "1",
    GOOGLE_OAUTH_ACCESS_TOKEN: "none",
    AWS_ACCESS_KEY_ID: "none",
    AWS_SECRET_ACCESS_KEY: "none",
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

const personal = /^(TF_|GOOGLE_|GCLOUD_|CLOUDSDK_|AWS_)/;
