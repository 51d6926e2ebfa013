import { createInterface } from "node:readline/promises";
import { spawnSync } from "node:child_process";
import { ConfigurationError } from "../../errors/faults";
import { nearest } from "../../errors/near";
import { regions } from "../../config/settings/regions";

/** Why a value is not valid, or undefined. */
export type Check = (text: string) => string | undefined;

export const checkProject: Check = (text) =>
  /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(text)
    ? undefined
    : "must be a project ID: 6 to 30 lowercase letters, digits and hyphens";

export const checkNumber: Check = (text) =>
  /^[1-9][0-9]{5,18}$/.test(text) ? undefined : "must be a project number, such as 471100000001";

export const checkRegion: Check = (text) => {
  const known: readonly string[] = regions;
  if (known.includes(text)) return undefined;
  const near = nearest(text, known);
  return `is not a region of Google Cloud${near === undefined ? ", such as europe-west6" : `; did you mean "${near}"?`}`;
};

export const checkEmail: Check = (text) =>
  /^[^@\s:]+@[^@\s]+\.[a-z]+$/i.test(text) ? undefined : "must be an email address";

/** Asks on the terminal until the answers are valid. */
export class Terminal {
  private readonly lines = createInterface({ input: process.stdin, output: process.stderr });

  /** @param fallback what an empty answer means. @default - an answer is required */
  async ask(question: string, check: Check, fallback?: string): Promise<string> {
    for (;;) {
      const hint = fallback === undefined ? "" : ` [${fallback}]`;
      const answer = (await this.lines.question(`${question}${hint}: `)).trim() || (fallback ?? "");
      const fault = answer === fallback ? undefined : check(answer);
      if (fault === undefined) return answer;
      process.stderr.write(`  "${answer}" ${fault}\n`);
    }
  }

  async confirm(question: string, fallback: boolean): Promise<boolean> {
    const answer = await this.ask(
      `${question} (y/n)`,
      (text) => (/^(y|yes|n|no)$/i.test(text) ? undefined : "must be y or n"),
      fallback ? "y" : "n",
    );
    return /^y/i.test(answer);
  }

  close(): void {
    this.lines.close();
  }
}

/** @throws ConfigurationError when the value of an option is not valid */
export function checkOption(option: string, text: string | undefined, check: Check): void {
  const fault = text === undefined ? undefined : check(text);
  if (fault !== undefined) throw new ConfigurationError(option, [`"${text ?? ""}" ${fault}`]);
}

/** The number of a project, if gcloud is installed and may see it. */
export function numberFromGcloud(project: string): string | undefined {
  const args = ["projects", "describe", project, "--format=value(projectNumber)"];
  const { status, stdout } = spawnSync("gcloud", args, { encoding: "utf8", timeout: 20_000 });
  const number = status === 0 ? stdout.trim() : "";
  return checkNumber(number) === undefined ? number : undefined;
}
