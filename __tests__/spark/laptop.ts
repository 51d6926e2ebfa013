import { type ChildProcess, spawn } from "node:child_process";
import * as z from "zod/mini";
import { findSpark } from "../../spark/driver/environment";
import { onCleanUp, project } from "../job/integration/support";

const shape = z.union([
  z.object({ months: z.number(), rows: z.number(), trips: z.number(), revenue: z.string() }),
  z.object({ error: z.object({ kind: z.string(), exitCode: z.number(), message: z.string() }) }),
]);

/** Result of `npm run spark -- revenue`. */
export interface Computed {
  readonly code: number | null;
  readonly stderr: string;
  /** Throws when the last line of standard output is not a result. */
  readonly result: z.infer<typeof shape>;
}

/** Why Spark is not available, or undefined. */
export function missingSpark(): string | undefined {
  const found = findSpark();
  return found.kind === "missing" ? found.reason : undefined;
}

/** Starts `npm run spark -- revenue <args> --home <home> --json`, in a process group of its own. */
export function startRevenue(
  home: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): { readonly process: ChildProcess; readonly ended: Promise<Computed> } {
  const command = ["scripts/run.mjs", "spark/driver/main.ts", "revenue", ...args, "--home", home, "--json"];
  const child = spawn(process.execPath, command, {
    cwd: project,
    detached: true,
    env: { ...process.env, ...env },
  });
  onCleanUp(() => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended.
    }
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise<Computed>((resolve, reject) => {
    child.once("error", reject).once("close", (code) => {
      resolve({
        code,
        stderr,
        get result() {
          return shape.parse(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? ""));
        },
      });
    });
  });
  return { process: child, ended };
}

export function revenue(home: string, ...args: readonly string[]): Promise<Computed> {
  return startRevenue(home, args).ended;
}
