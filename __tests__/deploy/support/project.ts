import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { SmallProject, type StackFile } from "../../preview/support/project";

/** How commands of stacks behave: `{ "lake apply": { fails: "refused" } }`. */
export type Behaviour = Readonly<
  Record<string, { readonly seconds?: number; readonly fails?: string; readonly stubborn?: true }>
>;

export interface Call {
  readonly stack: string;
  readonly command: string;
  /** `start`, `interrupt` or `end` */
  readonly event: string;
  readonly args: string;
}

export interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
}

/** A project whose stacks a fake Terraform deploys. */
export class FakeProject {
  readonly project: SmallProject;
  readonly home = mkdtempSync(join(tmpdir(), "fake-terraform-"));

  /** @param dependencies of each stack, by name */
  constructor(dependencies: Readonly<Record<string, readonly string[]>>) {
    const stacks: Record<string, StackFile> = {};
    for (const [name, needed] of Object.entries(dependencies)) stacks[name] = { dependencies: needed };
    this.project = new SmallProject(stacks);
  }

  /** Sets how commands behave; others do what they should at once. */
  behave(behaviour: Behaviour): void {
    for (const name of readdirSync(this.home).filter((file) => /\.(seconds|fails|stubborn)$/.test(file)))
      rmSync(join(this.home, name));
    for (const [command, how] of Object.entries(behaviour))
      for (const [name, value] of Object.entries(how))
        writeFileSync(join(this.home, `${command.replace(" ", ".")}.${name}`), String(value));
  }

  /** Runs a command to its end. */
  run(...args: string[]): Promise<Ended> {
    return this.start(...args).ended;
  }

  start(...args: string[]): { readonly pid: number; readonly ended: Promise<Ended> } {
    return this.startProgram(process.execPath, [join(__dirname, "../../../dist/deploy-main.cjs"), ...args]);
  }

  startProgram(
    program: string,
    args: readonly string[],
  ): { readonly pid: number; readonly ended: Promise<Ended> } {
    const child = spawn(program, args, {
      cwd: this.project.folder,
      env: {
        ...process.env,
        PLATFORM_ENV: undefined,
        FAKE_TERRAFORM: this.home,
        CI: "1",
        FORCE_COLOR: "0",
        CHECKPOINT_DISABLE: "1",
        DISABLE_VERSION_CHECK: "1",
        TERRAFORM_BINARY_NAME: join(__dirname, "fake-terraform"),
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    const ended = new Promise<Ended>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (exitCode) => {
        resolve({ exitCode, output });
      });
    });
    return { pid: child.pid ?? 0, ended };
  }

  /** All calls so far, or those of some commands. */
  calls(...commands: string[]): Call[] {
    const file = join(this.home, "log");
    if (!existsSync(file)) return [];
    return [...readFileSync(file, "utf8").matchAll(/^(\S+) (\S+) (\S+) (.*)\n/gm)]
      .map(([, stack = "", command = "", event = "", args = ""]) => ({ stack, command, event, args }))
      .filter(({ command }) => commands.length === 0 || commands.includes(command));
  }

  /** `a start`, `a end`, `b start`, ... of what changes something. */
  applied(): string[] {
    return this.calls("apply", "destroy").map(({ stack, event }) => `${stack} ${event}`);
  }

  forget(): void {
    rmSync(join(this.home, "log"), { force: true });
  }

  /** The stacks that have a state. */
  existing(): string[] {
    return Object.keys(this.states());
  }

  states(): Record<string, string> {
    const found: Record<string, string> = {};
    for (const { stack } of this.calls()) {
      const file = join(this.home, `${stack}.state`);
      if (existsSync(file)) found[stack] = readFileSync(file, "utf8").trim();
    }
    return found;
  }

  /** Waits until a call is in the log, 20 s at most. */
  async seen(entry: string): Promise<void> {
    for (let tries = 0; tries < 1_000; tries++) {
      if (this.applied().includes(entry)) return;
      await setTimeout(20);
    }
    throw new Error(`no "${entry}" in ${JSON.stringify(this.calls())}`);
  }

  remove(): void {
    this.project.remove();
    rmSync(this.home, { recursive: true, force: true });
  }
}
