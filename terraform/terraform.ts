import { existsSync } from "node:fs";
import * as z from "zod/mini";
import { type Ended, runChild } from "./child";

/** The installed Terraform. */
export interface Terraform {
  readonly version: string;
  /** `linux_amd64` */
  readonly platform: string;
  run(args: readonly string[], where: Where): Promise<Ended>;
}

export interface Where {
  readonly folder: string;
  readonly signal?: AbortSignal;
  /**
   * Whether the command downloads from a registry. Without credentials, other commands have no network.
   * @default false
   */
  readonly download?: boolean;
  /** See ChildOptions. */
  readonly patience?: number;
  readonly force?: AbortSignal;
  readonly onOutput?: (text: string) => void;
}

/**
 * `own`: with the credentials of the environment; `none`: without credentials, even if they are set, and without
 * network after the providers are installed.
 */
export type Credentials = "own" | "none";

const versionJson = z.object({ terraform_version: z.string(), platform: z.string() });

/**
 * @param environment `TERRAFORM_BINARY_NAME` selects another program, as in cdktf
 * @throws ProgramMissing if Terraform is not installed
 */
export async function findTerraform(
  environment: NodeJS.ProcessEnv,
  credentials: Credentials,
  signal?: AbortSignal,
): Promise<Terraform> {
  const program = environment.TERRAFORM_BINARY_NAME ?? "terraform";
  const connected = credentials === "own" ? plain(environment) : hermetic(environment);
  const apart = credentials === "own" ? connected : { ...connected, ...nowhere };
  const options = { cwd: process.cwd(), env: connected, ...(signal && { signal }) };
  const { stdout, stderr } = await runChild(program, ["version", "-json"], options);
  const read = versionJson.safeParse(parsed(stdout.toString()));
  if (!read.success) throw new Error(`${program} version -json does not print a version: ${stderr.trim()}`);
  return {
    version: read.data.terraform_version,
    platform: read.data.platform,
    run: (args, { folder, download, ...rest }) =>
      runChild(program, args, { cwd: folder, env: download === true ? connected : apart, ...rest }),
  };
}

/** An unreachable proxy, so that network requests of a provider fail immediately. */
const nowhere = {
  HTTPS_PROXY: "http://127.0.0.1:9",
  HTTP_PROXY: "http://127.0.0.1:9",
  NO_PROXY: "",
  https_proxy: undefined,
  http_proxy: undefined,
  no_proxy: undefined,
};

/** The environment without settings that affect a plan: additional arguments, a shared data folder. */
export function plain(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !/^TF_(CLI_ARGS|DATA_DIR|INPUT)/.test(name));
  return quiet(environment, Object.fromEntries(kept));
}

/**
 * The environment without credentials, projects, regions and settings of Terraform, and with an invalid token and keys,
 * which prevent providers from searching for real ones.
 */
export function hermetic(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(
    ([name]) => name === "TF_PLUGIN_CACHE_DIR" || !personal.test(name),
  );
  return {
    ...quiet(environment, Object.fromEntries(kept)),
    GOOGLE_OAUTH_ACCESS_TOKEN: "none",
    AWS_ACCESS_KEY_ID: "none",
    AWS_SECRET_ACCESS_KEY: "none",
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

const personal = /^(TF_|GOOGLE_|GCLOUD_|CLOUDSDK_|AWS_|GITHUB_TOKEN$|GH_TOKEN$|ACTIONS_|NPM_TOKEN$)/;

function quiet(environment: NodeJS.ProcessEnv, kept: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { TF_CLI_CONFIG_FILE: config, ...rest } = {
    ...kept,
    TF_CLI_CONFIG_FILE: environment.TF_CLI_CONFIG_FILE,
  };
  return {
    ...rest,
    // Terraform prints a warning if the file does not exist.
    ...(config !== undefined && existsSync(config) && { TF_CLI_CONFIG_FILE: config }),
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
    CHECKPOINT_DISABLE: "1",
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
