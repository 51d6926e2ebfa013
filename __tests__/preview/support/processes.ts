import { spawnSync } from "node:child_process";

/** Whether a process is running; zombies are not. */
export function alive(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return stdout.trim() !== "" && !stdout.trim().startsWith("Z");
}

/** Ids of processes whose command line contains a text. */
export function processesWith(text: string): number[] {
  const { stdout } = spawnSync("ps", ["-eo", "pid=,stat=,args="], { encoding: "utf8" });
  return stdout.split("\n").flatMap((line) => {
    const [, pid, stat, args] = /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return args?.includes(text) === true && stat?.startsWith("Z") === false ? [Number(pid)] : [];
  });
}
