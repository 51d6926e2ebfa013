import { readFileSync } from "node:fs";

/** Resource usage of a process since its start. */
export interface Usage {
  readonly processorSeconds: number;
  /** Peak, in MB (10^6 bytes). */
  readonly megabytes: number;
}

/** Usage of this process. */
export function ownUsage(): Usage {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  return { processorSeconds: (userCPUTime + systemCPUTime) / 1e6, megabytes: (peak(maxRSS) * 1024) / 1e6 };
}

/** Peak memory in KiB. On Linux from /proc, because maxRSS includes the memory of the parent process at the fork. */
function peak(usual: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? usual);
  } catch {
    return usual;
  }
}
