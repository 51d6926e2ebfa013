import { existsSync } from "node:fs";
import * as z from "zod/mini";
import { type Ended, runChild } from "./child";

/** The Terraform of this machine. */
export interface Terraform {
  readonly version: string;
  /** `linux_amd64` */
  readonly platform: string;
  run(args: readonly string[], where: Where): Promise<Ended>;
}

export interface Where {
  readonly folder: string;
  readonly signal?: AbortSignal;
  /** What comes from a registry. Without credentials everything else is cut off from the network. @default false */
  readonly download?: boolean;
  /** See ChildOptions. */
  readonly patience?: number;
  readonly force?: AbortSignal;
  readonly onOutput?: (text: string) => void;
}

/**
 * `own`: with the credentials of whoever runs it; `none`: with none, whatever is set, and without any network once the
 * providers are there.
 */
export type Credentials = "own" | "none";

const versionJson = z.object({ terraform_version: z.string(), platform: z.string() });

/**
 * @param environment `TERRAFORM_BINARY_NAME` in it names another program, as for cdktf
 * @throws ProgramMissing when there is no Terraform
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
  if (!read.success) throw new Error(`${program} version -json does not say its version: ${stderr.trim()}`);
  return {
    version: read.data.terraform_version,
    platform: read.data.platform,
    run: (args, { folder, download, ...rest }) =>
      runChild(program, args, { cwd: folder, env: download === true ? connected : apart, ...rest }),
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

/** The environment without settings that would change a plan: extra arguments, one data folder for all stacks. */
export function plain(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !/^TF_(CLI_ARGS|DATA_DIR|INPUT)/.test(name));
  return quiet(environment, Object.fromEntries(kept));
}

/**
 * The environment without credentials, projects, regions and Terraform's own switches, and with a token and keys that
 * are none, which keep the providers from looking for real ones.
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
    // Terraform complains at each command of a file that is not there.
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
