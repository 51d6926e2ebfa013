import { spawn } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundledPreview } from "../../preview/support/cli";
import { type Context, evaluate, filled, isTrue } from "./expression";
import type { Job, Step, Workflow } from "./workflow";

/** A job that ran, or did not. */
export interface JobResult {
  readonly conclusion: "success" | "failure" | "skipped";
  readonly outputs: Readonly<Record<string, string>>;
  /** Everything that its steps printed. */
  readonly log: string;
  /** What it wrote to the summary. */
  readonly summary: string;
  /** Actions it used, by name: `google-github-actions/auth`. */
  readonly actions: readonly string[];
}

export interface Event {
  readonly github: Context;
  readonly vars: Context;
  readonly inputs?: Context;
}

/**
 * Runs the jobs of a workflow for an event, each in a clone of its own, as a runner would: conditions, expressions,
 * outputs and artifacts as GitHub has them, shell steps for real. Actions are known by what they leave; `npm ci` is left
 * out, and `npm run preview` is this project's.
 */
export class Runner {
  readonly place = mkdtempSync(join(tmpdir(), "workflow-"));
  /** What stands in for programs of the runner, by name; a script for bash. */
  private readonly bin = join(this.place, "bin");

  constructor(
    /** The repository that is checked out. */
    private readonly repository: string,
    programs: Readonly<Record<string, string>> = {},
  ) {
    mkdirSync(this.bin);
    for (const [name, script] of Object.entries({ npm: npm(), ...programs })) {
      writeFileSync(join(this.bin, name), `#!/usr/bin/env bash\n${script}\n`);
      chmodSync(join(this.bin, name), 0o755);
    }
  }

  async run(workflow: Workflow, event: Event): Promise<Record<string, JobResult>> {
    const results: Record<string, JobResult> = {};
    for (const [name, job] of Object.entries(workflow.jobs)) {
      const needed = job.needs.map((one) => results[one]);
      const context: Context = { ...event, needs: needsOf(job, results) };
      const goesOn = needed.every((one) => one?.conclusion === "success");
      results[name] =
        goesOn && (job.if === undefined || isTrue(evaluate(job.if, context)))
          ? await this.runJob(name, job, { ...workflow.env, ...job.env }, context)
          : { conclusion: "skipped", outputs: {}, log: "", summary: "", actions: [] };
    }
    return results;
  }

  remove(): void {
    rmSync(this.place, { recursive: true, force: true });
  }

  private async runJob(
    name: string,
    job: Job,
    env: Record<string, string>,
    context: Context,
  ): Promise<JobResult> {
    const folder = mkdtempSync(join(this.place, `${name}-`));
    const summary = join(this.place, `${name}.summary`);
    writeFileSync(summary, "");
    const steps: Record<string, { outputs: Record<string, string> }> = {};
    const state = { ...context, steps, env };
    let log = "";
    let failed = false;
    const actions: string[] = [];
    for (const step of job.steps) {
      const wanted =
        step.if === undefined
          ? !failed
          : isTrue(evaluate(step.if, state)) && (!failed || step.if.includes("always()"));
      if (!wanted) continue;
      if (step.uses !== undefined) {
        actions.push(step.uses.split("@")[0] ?? "");
        await this.use(step, folder, state);
        continue;
      }
      const output = join(this.place, `${name}.output`);
      writeFileSync(output, "");
      const all = { ...env, ...step.env };
      const values = Object.fromEntries(Object.entries(all).map(([key, text]) => [key, filled(text, state)]));
      const ended = await this.shell(step.run ?? "", folder, {
        ...values,
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
      });
      log += ended.log;
      failed ||= ended.exitCode !== 0;
      if (step.id !== undefined) steps[step.id] = { outputs: outputsIn(output) };
    }
    const outputs = Object.fromEntries(
      Object.entries(job.outputs).map(([key, text]) => [key, filled(text, state)]),
    );
    return {
      conclusion: failed ? "failure" : "success",
      outputs,
      log,
      summary: readFileSync(summary, "utf8"),
      actions,
    };
  }

  /** What an action leaves in the folder of the job. */
  private async use({ uses = "", with: given }: Step, folder: string, state: Context): Promise<void> {
    const argument = (name: string) => filled(given[name] ?? "", state);
    switch (uses.split("@")[0]) {
      case "actions/checkout": {
        const ref = argument("ref") || String(evaluate("github.sha", state));
        await this.git(folder, "clone", "--quiet", this.repository, ".");
        await this.git(folder, "checkout", "--quiet", "--detach", ref);
        return;
      }
      case "actions/upload-artifact": {
        const artifact = join(this.place, "artifacts", argument("name"));
        const paths = argument("path")
          .split("\n")
          .filter((path) => path !== "");
        for (const path of paths.filter((one) => existsSync(join(folder, one))))
          cpSync(join(folder, path), paths.length === 1 ? artifact : join(artifact, path), {
            recursive: true,
          });
        return;
      }
      case "actions/download-artifact":
        cpSync(join(this.place, "artifacts", argument("name")), join(folder, argument("path") || "."), {
          recursive: true,
        });
        return;
      case "github/codeql-action/upload-sarif": {
        const file = join(folder, argument("sarif_file"));
        const { version } = JSON.parse(readFileSync(file, "utf8")) as { version?: string };
        if (version !== "2.1.0") throw new Error(`${file} is not valid SARIF`);
        return;
      }
      case "actions/setup-node":
      case "actions/setup-go":
      case "actions/setup-python":
      case "hashicorp/setup-terraform":
      case "google-github-actions/auth":
      case "aws-actions/configure-aws-credentials":
        return;
      default:
        throw new Error(`the action ${uses} is not known here`);
    }
  }

  private async git(folder: string, ...args: string[]): Promise<void> {
    const { exitCode, log } = await this.shell(
      `git ${args.map((one) => JSON.stringify(one)).join(" ")}`,
      folder,
      {},
    );
    if (exitCode !== 0) throw new Error(log);
  }

  /** As a step's default shell. */
  private shell(
    script: string,
    folder: string,
    env: Record<string, string>,
  ): Promise<{ exitCode: number; log: string }> {
    const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], {
      cwd: folder,
      env: { ...process.env, PATH: `${this.bin}:${process.env.PATH ?? ""}`, CI: "true", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let log = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (log += text));
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => {
        resolve({ exitCode: code ?? 1, log });
      });
    });
  }
}

const npm = () => `
case "$*" in
  "ci"*) exit ;;
  "run --silent preview -- "*) shift 4; exec ${JSON.stringify(process.execPath)} ${JSON.stringify(bundledPreview())} "$@" ;;
  *) echo "npm $*: not known here" >&2; exit 1 ;;
esac`;

function needsOf(job: Job, results: Readonly<Record<string, JobResult>>): Context {
  return Object.fromEntries(job.needs.map((name) => [name, { outputs: results[name]?.outputs ?? {} }]));
}

function outputsIn(file: string): Record<string, string> {
  const lines = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.includes("="));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}
