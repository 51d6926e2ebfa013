import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

/** Result of `npm run preview -- ...`. */
export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly pid: number;
  readonly ended: Promise<Ended>;
}

/** The bundle of the program, created by the setup of jest. */
export function bundledPreview(): string {
  return join(__dirname, "../../../dist/preview-main.cjs");
}

/** Runs the command line in a folder. @param env additional environment variables; undefined removes one */
export function preview(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<Ended> {
  return startPreview(folder, args, env).ended;
}

/** Starts the command line without waiting. */
export function startPreview(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Running {
  const child = spawn(process.execPath, [bundledPreview(), ...args], {
    cwd: folder,
    env: { ...process.env, PLATFORM_ENV: undefined, GITHUB_TOKEN: undefined, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (text: string) => (output[name] += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => {
      resolve({ exitCode, ...output });
    });
  });
  return { pid: child.pid ?? 0, ended };
}

/** Waits up to 30 s until the program has created a file; fails if it ends without the file. */
export async function appears(file: string, { ended }: Running): Promise<void> {
  const over: Ended[] = [];
  void ended.then((how) => over.push(how));
  for (let tries = 0; tries < 1_000; tries++) {
    if (existsSync(file)) return;
    if (over.length > 0) throw new Error(`ended without ${file}: ${JSON.stringify(over)}`);
    await setTimeout(30);
  }
  throw new Error(`no ${file} after 30 s`);
}
