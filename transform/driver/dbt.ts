import { mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import * as z from "zod/mini";
import { type Ended, runProgram } from "../../programs/program";
import type { Cleanups } from "../../job/cleanups";
import { projectFolder } from "./project";
import { type NodeResult, readResults } from "./results";

export interface DbtRun {
  /** The interpreter of the environment with dbt. */
  readonly python: string;
  /** `build`, `test --select ...` */
  readonly args: readonly string[];
  /** Output of `profiles.yml`. */
  readonly target: "check" | "laptop";
  /** Folder for dbt's artifacts and logs. */
  readonly folder: string;
  /** Folder of the dbt project. @default - transform/ */
  readonly project?: string;
  /** Variables of the project and its profile, such as the path of the warehouse. */
  readonly environment: Readonly<Record<string, string>>;
  /** First days of the periods to replace. @default - all */
  readonly periods?: readonly string[];
}

/** A model or test that dbt has started or finished. */
export interface DbtEvent {
  readonly name: string;
  readonly kind: "model" | "test";
  /** Number of the node, from 1. */
  readonly index: number;
  readonly total: number;
  /** Undefined while it runs. */
  readonly seconds: number | undefined;
  readonly holds: boolean;
}

/** What became of a run of dbt. */
export interface DbtEnded {
  readonly exitCode: number;
  /** Undefined if dbt failed before it ran anything. */
  readonly results: readonly NodeResult[] | undefined;
  /** What dbt said when it failed as a whole. */
  readonly errors: readonly string[];
}

/** Folder of dbt's artifacts below the folder of a run. */
export function targetFolder(folder: string): string {
  return join(folder, "target");
}

/**
 * Runs dbt on the project.
 *
 * @param onEvent called when a model or test starts and ends
 * @param cleanups ends dbt when the process is stopped
 */
export async function runDbt(
  { python, args, target, folder, project = projectFolder, environment, periods = [] }: DbtRun,
  onEvent: (event: DbtEvent) => void,
  cleanups?: Cleanups,
): Promise<DbtEnded> {
  const artifacts = targetFolder(folder);
  await mkdir(artifacts, { recursive: true });
  const results = join(artifacts, "run_results.json");
  await rm(results, { force: true });
  const errors: string[] = [];
  const command = [
    ...[
      "-c",
      "from dbt.cli.main import cli; cli()",
      "--log-format",
      "json",
      "--log-level-file",
      "none",
      ...args,
    ],
    ...["--project-dir", project, "--profiles-dir", project, "--target", target],
    ...["--vars", JSON.stringify({ periods })],
  ];
  const running = runProgram(python, command, {
    env: {
      ...inherited(),
      ...environment,
      DBT_TARGET_PATH: resolve(artifacts),
      DBT_LOG_PATH: resolve(folder),
    },
    onLine: (line) => {
      const message = parsed(line);
      if (message === undefined) return;
      const event = eventIn(message);
      if (event !== undefined) onEvent(event);
      if (message.info.level === "error") errors.push(message.info.msg);
    },
    onStart: (child) =>
      cleanups?.add(async () => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.kill("SIGINT");
        const late = setTimeout(() => child.kill("SIGKILL"), 5000);
        await new Promise((ended) => child.once("close", ended));
        clearTimeout(late);
      }),
  });
  const ended: Ended = await running;
  return {
    exitCode: ended.exitCode,
    results: await readResults(results),
    errors: errors.length > 0 || ended.stderr.trim() === "" ? errors : [ended.stderr],
  };
}

/** Without settings of dbt in the user's environment: the project and its profile say everything. */
function inherited(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(([name]) => !/^(DBT_|PYTHON)/.test(name));
  return { ...Object.fromEntries(entries), PYTHONUTF8: "1", DO_NOT_TRACK: "1" };
}

const messageShape = z.object({
  info: z.object({ name: z.string(), level: z.string(), msg: z.string() }),
  data: z.looseObject({
    index: z.optional(z.number()),
    total: z.optional(z.number()),
    num_models: z.optional(z.number()),
    execution_time: z.optional(z.number()),
    node_info: z.optional(
      z.looseObject({
        node_name: z.string(),
        resource_type: z.string(),
        node_status: z.string(),
        node_relation: z.optional(z.looseObject({ schema: z.string() })),
      }),
    ),
  }),
});
type Message = z.infer<typeof messageShape>;

function parsed(line: string): Message | undefined {
  try {
    return messageShape.safeParse(JSON.parse(line)).data;
  } catch {
    // Not a message: the traceback of a crash.
    return undefined;
  }
}

function eventIn({ info, data }: Message): DbtEvent | undefined {
  const node = data.node_info;
  if (node === undefined || !/^Log(Start|.*Result)/.test(info.name)) return undefined;
  const kind = node.resource_type === "model" ? "model" : "test";
  return {
    kind,
    name: kind === "model" ? `${node.node_relation?.schema ?? ""}.${node.node_name}` : node.node_name,
    index: data.index ?? 0,
    total: data.total ?? data.num_models ?? 0,
    seconds: info.name === "LogStartLine" ? undefined : (data.execution_time ?? 0),
    holds: !["error", "fail", "skipped"].includes(node.node_status),
  };
}
