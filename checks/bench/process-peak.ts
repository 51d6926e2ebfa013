import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { runProgram } from "../../programs/program";

export interface ProcessFigures {
  readonly seconds: number;
  /** Peak memory of the program and of those that it starts, in MB (10^6 bytes). On Linux. */
  readonly megabytes: number;
}

/**
 * Runs a program, and measures it.
 *
 * @throws Error with its output, when it fails
 */
export async function measuredProgram(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<ProcessFigures> {
  const peaks = new Map<number, number>();
  let timer: NodeJS.Timeout | undefined;
  const watch = ({ pid }: ChildProcess) => {
    timer = setInterval(() => {
      for (const each of withChildren(pid ?? 0))
        peaks.set(each, Math.max(peaks.get(each) ?? 0, peakOf(each)));
    }, 50);
  };
  const ended = await runProgram(command, args, { env, onStart: watch });
  clearInterval(timer);
  if (ended.exitCode !== 0) throw new Error(`${ended.stdout}\n${ended.stderr}`);
  const kibibytes = [...peaks.values()].reduce((sum, peak) => sum + peak, 0);
  return { seconds: ended.seconds, megabytes: (kibibytes * 1024) / 1e6 };
}

function withChildren(pid: number): readonly number[] {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const children = threads.flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" ").filter(Boolean).map(Number),
    );
    return [pid, ...children.flatMap(withChildren)];
  } catch {
    return [];
  }
}

/** Peak memory of a process in KiB. */
function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
