import { readFileSync } from "node:fs";

/** What a process took from its beginning. */
export interface Usage {
  readonly processorSeconds: number;
  /** Peak, in MB (10^6 bytes). */
  readonly megabytes: number;
}

/** Of this process. */
export function ownUsage(): Usage {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  return { processorSeconds: (userCPUTime + systemCPUTime) / 1e6, megabytes: (peak(maxRSS) * 1024) / 1e6 };
}

/** In KiB. On Linux from the process's own record: the usual one begins with the memory of what started it. */
function peak(usual: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? usual);
  } catch {
    return usual;
  }
}
