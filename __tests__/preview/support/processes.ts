import { spawnSync } from "node:child_process";

/** Whether a process runs: one that has ended and that nobody has asked after does not. */
export function alive(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return stdout.trim() !== "" && !stdout.trim().startsWith("Z");
}

/** Process ids of all that runs with this in its command line. */
export function processesWith(text: string): number[] {
  const { stdout } = spawnSync("ps", ["-eo", "pid=,stat=,args="], { encoding: "utf8" });
  return stdout.split("\n").flatMap((line) => {
    const [, pid, stat, args] = /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return args?.includes(text) === true && stat?.startsWith("Z") === false ? [Number(pid)] : [];
  });
}
