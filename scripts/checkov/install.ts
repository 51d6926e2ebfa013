import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ProgramMissing, runProgram } from "../program";

export const version = "3.3.30";

/** Where checkov is, or why it is not to be had. */
export type Checkov =
  { readonly kind: "there"; readonly python: string } | { readonly kind: "missing"; readonly reason: string };

/**
 * Installs checkov from PyPI into an environment of its own in the cache, once.
 *
 * @param interpreter what makes the environment
 */
export async function checkov(cache: string, interpreter = "python3"): Promise<Checkov> {
  const folder = join(cache, `checkov-${version}`);
  const python = join(folder, "bin", "python");
  const mark = join(folder, "complete");
  if (existsSync(mark)) return { kind: "there", python };

  rmSync(folder, { recursive: true, force: true });
  try {
    const made = await runProgram(interpreter, ["-m", "venv", folder]);
    if (made.exitCode !== 0)
      return missing(
        `${interpreter} cannot make a virtual environment (Debian: apt-get install python3-venv): ${cause(made)}`,
      );
    const got = await runProgram(python, ["-m", "pip", "install", "--quiet", `checkov==${version}`]);
    if (got.exitCode !== 0) return missing(`checkov ${version} cannot be had from PyPI: ${cause(got)}`);
  } catch (error) {
    if (error instanceof ProgramMissing) return missing(`${error.message}: https://www.python.org/downloads`);
    throw error;
  }
  writeFileSync(mark, "");
  return { kind: "there", python };
}

function missing(reason: string): Checkov {
  return { kind: "missing", reason };
}

/** The last line a program wrote: where pip says what it comes down to. */
function cause({ stdout, stderr }: { stdout: string; stderr: string }): string {
  return `${stdout}\n${stderr}`.trim().split("\n").pop() ?? "";
}
