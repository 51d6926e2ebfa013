import { existsSync } from "node:fs";
import * as z from "zod/mini";
import { type Ended, runProgram } from "../../scripts/program";

/** Terraform as it is on this machine, run without credentials and without the settings of whoever runs it. */
export interface Terraform {
  readonly version: string;
  /** `linux_amd64` */
  readonly platform: string;
  /** `network`: whether it may reach anything. Only `init` of providers needs to. */
  run(args: readonly string[], where: { folder: string; network: boolean }): Promise<Ended>;
}

const versionJson = z.object({ terraform_version: z.string(), platform: z.string() });

/** @throws ProgramMissing when there is no Terraform */
export async function findTerraform(environment: NodeJS.ProcessEnv): Promise<Terraform> {
  const connected = hermetic(environment);
  const { stdout } = await runProgram("terraform", ["version", "-json"], { env: connected });
  const { terraform_version: version, platform } = versionJson.parse(JSON.parse(stdout));
  const apart = { ...connected, ...nowhere };
  return {
    version,
    platform,
    run: (args, { folder, network }) =>
      runProgram("terraform", args, { cwd: folder, env: network ? connected : apart }),
  };
}

/** A proxy on a port where nobody listens: a provider that tries the network fails at once instead of waiting. */
const nowhere = {
  HTTPS_PROXY: "http://127.0.0.1:9",
  HTTP_PROXY: "http://127.0.0.1:9",
  NO_PROXY: "",
  https_proxy: undefined,
  http_proxy: undefined,
  no_proxy: undefined,
};

/**
 * The environment without what would change a plan - credentials, projects, regions, Terraform's own switches - and
 * with a token and keys that are none, which keep the providers from looking for real ones.
 */
export function hermetic(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !personal.test(name));
  const config = environment.TF_CLI_CONFIG_FILE;
  return {
    ...Object.fromEntries(kept),
    // Terraform complains at each command of a file that is not there.
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
