import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A program that runs in a container. */
export interface Container {
  readonly process: ChildProcess;
  /** Sends a signal to the program, which is process 1 in the container. */
  signal(name: NodeJS.Signals): Promise<void>;
}

/** How an image is started. */
export interface ImageConfig {
  /** `65532:65532` */
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly workingDir: string;
}

/**
 * Runs an unpacked image as Cloud Run does: the file system is read-only except for /tmp, and the program is process 1.
 * Requires root on Linux, but no container engine.
 *
 * @param root folder of the unpacked image
 */
export function runContainer(
  root: string,
  image: ImageConfig,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Container {
  const [user = "", group = user] = image.user.split(":");
  const script = [
    "set -e",
    'mount --bind "$0" "$0"',
    'mount -o remount,bind,ro "$0"',
    'mount -t tmpfs -o mode=1777 tmpfs "$0/tmp"',
    'mount -t proc proc "$0/proc"',
    `exec unshare --root="$0" --wd=${image.workingDir} --setuid=${user} --setgid=${group} -- "$@"`,
  ].join("; ");
  const flags = ["--mount", "--pid", "--fork", "--kill-child"];
  const child = spawn("unshare", [...flags, "sh", "-c", script, root, ...image.entrypoint, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, ...environment },
  });
  return {
    process: child,
    signal: async (name) => {
      process.kill(await childOf(child), name);
    },
  };
}

/** The child process of `unshare`, which starts after a moment. */
async function childOf({ pid }: ChildProcess): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    if (children !== "") return Number(children.split(" ")[0]);
    await sleep(10);
  }
  throw new Error(`process ${pid} has no child process`);
}
