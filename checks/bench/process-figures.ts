import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { runProgram } from "../../programs/program";

/** Of a program, together with the programs that it starts. */
export interface ProcessFigures {
  readonly seconds: number;
  /** Time of the processors, which other load on the machine changes little. On Linux. */
  readonly processorSeconds: number;
  /** Most memory at any time, in MB (10^6 bytes). On Linux. */
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
  const times = new Map<number, number>();
  let peak = 0;
  let timer: NodeJS.Timeout | undefined;
  const watch = ({ pid }: ChildProcess) => {
    timer = setInterval(() => {
      const all = withChildren(pid ?? 0);
      peak = Math.max(
        peak,
        all.map(memoryOf).reduce((sum, one) => sum + one, 0),
      );
      for (const each of all) times.set(each, processorSecondsOf(each) ?? times.get(each) ?? 0);
    }, 50);
  };
  const ended = await runProgram(command, args, { env, onStart: watch });
  clearInterval(timer);
  if (ended.exitCode !== 0) throw new Error(`${ended.stdout}\n${ended.stderr}`);
  return {
    seconds: ended.seconds,
    processorSeconds: [...times.values()].reduce((sum, one) => sum + one, 0),
    megabytes: (peak * 1024) / 1e6,
  };
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

/** Memory of a process in KiB. */
function memoryOf(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Of user and system, in the unit of proc(5): hundredths. */
function processorSecondsOf(pid: number): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return undefined;
  }
}
